using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Leadership;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Hosting;

public sealed class ControllerHostTests : IReconciler, IHostApplicationLifetime, IDisposable
{
    private static readonly ModelPath LeasePath = new("apis/coordination.k8s.io/v1/leases", "ns", "operators", null);

    private readonly int _exitCode = Environment.ExitCode;
    private readonly ModelApiServer _server = new();
    private readonly TestClock _clock = new();
    private readonly RuntimeMetrics _metrics = TestMetrics.Create();
    private readonly Controller _controller;
    private readonly TaskCompletionSource _reconciled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ControllerHostTests()
    {
        _controller = new ControllerBuilder("test").Build(this, _metrics, [], _clock, NullLogger<Controller>.Instance);
        _controller.Queue.Add(Widget.Key("a"));
    }

    CancellationToken IHostApplicationLifetime.ApplicationStarted => CancellationToken.None;

    CancellationToken IHostApplicationLifetime.ApplicationStopping => CancellationToken.None;

    CancellationToken IHostApplicationLifetime.ApplicationStopped => CancellationToken.None;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string? Holder => (string?)_server.Store.Get(LeasePath)["spec"]!["holderIdentity"];

    ValueTask<ReconcileResult> IReconciler.ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        _reconciled.TrySetResult();
        return default;
    }

    void IHostApplicationLifetime.StopApplication() => _ended.TrySetResult();

    public void Dispose() => Environment.ExitCode = _exitCode;

    [Fact]
    public async Task Where_nobody_else_can_be_running_controllers_run_at_once()
    {
        using var host = Host(elector: null);
        await host.StartAsync(Token);
        await Patience.For(_reconciled.Task, "the controller does not run");
        await Patience.For(host.StopAsync(Token), "the host does not stop");

        Assert.Empty(_server.Requests);
        Assert.False(_ended.Task.IsCompleted);
    }

    [Fact]
    public async Task While_somebody_else_leads_nothing_runs()
    {
        Occupy("other");
        using var host = Host(Elector());
        await host.StartAsync(Token);
        await _clock.FireAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)); // the second attempt begins

        Assert.False(_reconciled.Task.IsCompleted);
        await Patience.For(host.StopAsync(Token), "the host does not stop");
        Assert.Equal("other", Holder);
    }

    [Fact]
    public async Task The_leader_runs_and_hands_over_when_it_is_stopped()
    {
        using var host = Host(Elector());
        await host.StartAsync(Token);
        await Patience.For(_reconciled.Task, "the controller does not run");
        Assert.Equal("me", Holder);
        await Patience.For(host.StopAsync(Token), "the host does not stop");

        Assert.Equal("", Holder);
        Assert.False(_ended.Task.IsCompleted);
        Assert.Equal(_exitCode, Environment.ExitCode);
    }

    [Fact]
    public async Task A_process_that_loses_leadership_ends_with_a_failure()
    {
        using var host = Host(Elector());
        await host.StartAsync(Token);
        await Patience.For(_reconciled.Task, "the controller does not run");
        Occupy("usurper");
        await _clock.FireAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)); // until the next renewal
        await Patience.For(_ended.Task, "the process goes on");

        Assert.Equal(ControllerHost.LostLeadershipExitCode, Environment.ExitCode);
        Assert.Equal("usurper", Holder);
        await Patience.For(host.StopAsync(Token), "the host does not stop");
    }

    private ControllerHost Host(LeaseElector? elector) => new([_controller], elector, this, NullLogger<ControllerHost>.Instance);

    private LeaseElector Elector() => new(
        _server.Connect(_clock),
        new LeaseElectorOptions { Lease = new ObjectKey("ns", "operators"), Identity = "me" },
        _metrics,
        _clock,
        NullLogger<LeaseElector>.Instance);

    private void Occupy(string holder)
    {
        if (_server.Store.Find(LeasePath) is null)
        {
            _server.Store.Create(LeasePath with { Name = null }, Lease(holder), holder);
        }
        else
        {
            _server.Store.Update(LeasePath, _ => Lease(holder), holder);
        }
    }

    private static JsonObject Lease(string holder) => new()
    {
        ["metadata"] = new JsonObject { ["namespace"] = "ns", ["name"] = "operators" },
        ["spec"] = new JsonObject { ["holderIdentity"] = holder, ["leaseDurationSeconds"] = 15 },
    };
}

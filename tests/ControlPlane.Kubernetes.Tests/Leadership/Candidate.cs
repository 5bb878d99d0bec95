using ControlPlane.Kubernetes.Leadership;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Kubernetes.Tests.Leadership;

/// <summary>A process that takes part in an election over a model server, with a clock and a network of its own.</summary>
internal sealed class Candidate
{
    private readonly LeaseElector _elector;
    private CancellationToken? _leadToken;
    private bool _isEnding;

    public Candidate(
        ModelApiServer server,
        string identity,
        FakeTimeProvider clock,
        RuntimeMetrics? metrics = null,
        NetworkFaults? faults = null,
        Func<CancellationToken, Task>? work = null)
    {
        var stop = new CancellationTokenSource();
        Stop = () =>
        {
            _isEnding = true;
            stop.Cancel();
        };
        Clock = clock;
        Faults = faults ?? new();
        metrics ??= TestMetrics.Create();
        var options = new LeaseElectorOptions { Lease = new ObjectKey("ns", "operators"), Identity = identity };
        _elector = new(server.Connect(Clock, Faults), options, metrics, Clock, Log);
        Ended = _elector.LeadAsync(
            token =>
            {
                _leadToken = token;
                token.Register(() => _isEnding = true);
                return (work ?? UntilCancelledAsync)(token);
            },
            stop.Token);
    }

    public static ModelPath LeasePath { get; } = new("apis/coordination.k8s.io/v1/leases", "ns", "operators", null);

    /// <summary>What it says.</summary>
    public FakeLogger<LeaseElector> Log { get; } = new();

    public FakeTimeProvider Clock { get; }

    public NetworkFaults Faults { get; }

    /// <summary>How the candidature ended: true when leadership was lost.</summary>
    public Task<bool> Ended { get; }

    public bool IsLeader => _elector.IsLeader;

    /// <summary>True while what it does as the leader has not been told to stop.</summary>
    public bool Works => _leadToken is { IsCancellationRequested: false } && !Ended.IsCompleted;

    /// <summary>Asks the process to end.</summary>
    public Action Stop { get; }

    /// <summary>
    /// Waits until everything that the last step set off has happened. All of it happens within the step, except that .NET cancels a delay on
    /// another thread.
    /// </summary>
    public void Settle() => Assert.True(
        !_isEnding || SpinWait.SpinUntil(() => Ended.IsCompleted || Faults.Hanging > 0, TimeSpan.FromSeconds(10)), "the candidate does not end");

    private static async Task UntilCancelledAsync(CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(() => cancelled.TrySetCanceled(cancellationToken));
        await cancelled.Task;
    }
}

using System.Net;
using System.Threading.Channels;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Tests.Testing;

namespace Operators.Tests.Discovery;

public sealed class HealthProberTests : IAsyncLifetime
{
    private static readonly ObjectKey Order = Samples.Key("order");
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly KnownFleet _fleet = new();
    private readonly InstanceDirectory _directory;
    private readonly Channel<ObjectKey> _checked = Channel.CreateUnbounded<ObjectKey>();
    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>();
    private readonly WebApplication _instance;
    private readonly HealthProber _prober;
    private RequestDelegate _answer = _ => Task.CompletedTask;

    public HealthProberTests()
    {
        _directory = new InstanceDirectory(_fleet.Caches, _time);
        _prober = new HealthProber(_fleet.Caches, _directory, new ClusterPodNetwork(), _fleet.Metrics, _time);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _instance = builder.Build();
        _instance.Run(context =>
        {
            _requests.Writer.TryWrite($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return _answer(context);
        });
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _instance.StartAsync(Cancelled);
        await _prober.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _prober.StopAsync(CancellationToken.None);
        _prober.Dispose();
        await _instance.DisposeAsync();
        _fleet.Dispose();
    }

    [Fact]
    public async Task An_instance_is_checked_every_thirty_seconds_by_default()
    {
        Declare(new ActiveHealthCheck());

        await CheckAsync();
        var first = Instance().CheckedAt!.Value;
        _time.Advance(Interval - TimeSpan.FromSeconds(1));
        Assert.False(_checked.Reader.TryRead(out _));
        await CheckAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(Interval, Instance().CheckedAt!.Value - first);
        Assert.Equal("GET /health", await _requests.Reader.ReadAsync(Cancelled));
    }

    [Fact]
    public async Task An_unhealthy_instance_is_withheld_and_comes_back()
    {
        Declare(new ActiveHealthCheck());
        _answer = Answer(500);

        await CheckAsync();
        Assert.Equal(InstanceState.Healthy, Instance().State);
        await CheckAsync();
        Assert.Equal((InstanceState.Unhealthy, "GET /health answered 500"), (Instance().State, Instance().Reason));

        _answer = Answer(200);
        await CheckAsync();
        Assert.Equal((InstanceState.Healthy, null), (Instance().State, Instance().Reason));
    }

    [Fact]
    public async Task An_instance_that_does_not_answer_within_five_seconds_has_failed()
    {
        Declare(new ActiveHealthCheck { UnhealthyThreshold = 1 });
        _answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

        _time.Advance(Interval);
        await _requests.Reader.ReadAsync(Cancelled);
        _time.Advance(TimeSpan.FromSeconds(5));
        await _checked.Reader.ReadAsync(Cancelled);

        Assert.Equal((InstanceState.Unhealthy, "GET /health did not answer within 5 s"), (Instance().State, Instance().Reason));
    }

    [Fact]
    public async Task An_instance_that_refuses_the_connection_has_failed()
    {
        await _instance.StopAsync(Cancelled);
        Declare(new ActiveHealthCheck { UnhealthyThreshold = 1 });

        await CheckAsync();

        Assert.Equal((InstanceState.Unhealthy, "GET /health failed: ConnectionError"), (Instance().State, Instance().Reason));
    }

    [Theory]
    [InlineData(204, true)]
    [InlineData(302, true)]
    [InlineData(399, true)]
    [InlineData(400, false)]
    [InlineData(503, false)]
    public async Task Answers_from_200_to_399_are_healthy_and_redirects_are_not_followed(int status, bool healthy)
    {
        Declare(new ActiveHealthCheck { UnhealthyThreshold = 1 });
        _answer = context =>
        {
            context.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
            return Answer(status)(context);
        };

        await CheckAsync();

        Assert.Equal(healthy, Instance().IsHandedOut);
        Assert.Null(Instance().State == InstanceState.Healthy ? Instance().Reason : null);
    }

    [Theory]
    [InlineData("/health/deep?full=1")]
    [InlineData("//elsewhere.example.com/health")]
    public async Task The_declared_path_is_asked_of_the_instance_itself(string path)
    {
        Declare(new ActiveHealthCheck { Path = path });

        await CheckAsync();

        Assert.Equal($"GET {path}", await _requests.Reader.ReadAsync(Cancelled));
    }

    [Fact]
    public async Task The_declared_port_is_asked()
    {
        Declare(new ActiveHealthCheck { Port = "admin", UnhealthyThreshold = 1 }, new() { Name = "http", Port = 1 }, new() { Name = "admin", Port = Port() });
        await CheckAsync();
        Assert.Equal(InstanceState.Healthy, Instance().State);

        Declare(new ActiveHealthCheck { Port = "missing", UnhealthyThreshold = 1 }, new EndpointPortView { Name = "http", Port = Port() });
        await CheckAsync();
        Assert.Equal("it has no port missing", Instance().Reason);
    }

    [Fact]
    public async Task An_instance_that_is_not_ready_is_left_alone_until_it_is()
    {
        Declare(new ActiveHealthCheck());
        await CheckAsync();
        Show(ready: false);
        _time.Advance(Interval);
        _time.Advance(Interval);

        Show(ready: true);
        await CheckAsync();

        Assert.Equal(2, _requests.Reader.Count);
    }

    [Fact]
    public async Task A_service_that_was_known_before_the_prober_started_is_checked()
    {
        Declare(new ActiveHealthCheck());
        using var late = new HealthProber(_fleet.Caches, _directory, new ClusterPodNetwork(), _fleet.Metrics, _time);
        await _prober.StopAsync(Cancelled);
        _prober.Dispose();

        await late.StartAsync(Cancelled);
        await CheckAsync();
        await late.StopAsync(Cancelled);

        Assert.NotNull(Instance().CheckedAt);
    }

    /// <summary>Lets the time pass after which a check is due, and waits until its result can be read.</summary>
    private async Task CheckAsync(TimeSpan? after = null)
    {
        while (_checked.Reader.TryRead(out _))
        {
            // Changes that no check made.
        }

        _time.Advance(after ?? Interval);
        await _checked.Reader.ReadAsync(Cancelled);
    }

    private void Declare(ActiveHealthCheck check, params EndpointPortView[] ports)
    {
        var service = Samples.Service("order");
        _fleet.Declare(service with { Spec = service.Spec with { HealthCheck = check } });
        Show(ready: true, ports);
        _directory.Changed -= Heard;
        _directory.Changed += Heard;
    }

    private void Heard(ObjectKey service) => _checked.Writer.TryWrite(service);

    private void Show(bool ready, params EndpointPortView[] ports) => _fleet.Show(new EndpointSliceView
    {
        Metadata = new ObjectMeta { Name = "order-a", Namespace = Samples.Namespace, Labels = new Dictionary<string, string> { [EndpointSliceView.ServiceLabel] = "order" } },
        AddressType = "IPv4",
        Endpoints = [new EndpointView { Addresses = ["127.0.0.1"], TargetRef = new() { Name = "o1" }, Conditions = new() { Ready = ready } }],
        Ports = ports.Length > 0 ? ports : [new EndpointPortView { Name = "http", Port = Port() }],
    });

    private int Port() => new Uri(_instance.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    private Instance Instance() => Assert.Single(_directory.Find(Order));

    private static RequestDelegate Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}

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
    private readonly Channel<ObjectKey> _changes = Channel.CreateUnbounded<ObjectKey>();
    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>();
    private readonly WebApplication _instance;
    private readonly HealthProber _prober;
    private RequestDelegate _answer = _ => Task.CompletedTask;

    public HealthProberTests()
    {
        _directory = new InstanceDirectory(_fleet.Caches, _time);
        _directory.Changed += service => _changes.Writer.TryWrite(service);
        _prober = Prober();
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
        await CheckedAsync();

        _time.Advance(Interval - TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, LastCheck());
        _time.Advance(TimeSpan.FromSeconds(1));
        await CheckedAsync();

        Assert.Equal(Interval, LastCheck());
        Assert.Equal("GET /health", await _requests.Reader.ReadAsync(Cancelled));
        Assert.Equal(1, _requests.Reader.Count);
    }

    [Fact]
    public async Task An_unhealthy_instance_is_withheld_and_comes_back()
    {
        _answer = Answer(500);
        Declare(new ActiveHealthCheck());

        await CheckedAsync();
        Assert.Equal(InstanceState.Healthy, Instance().State);
        await NextCheckAsync();
        Assert.Equal((InstanceState.Unhealthy, "GET /health answered 500"), (Instance().State, Instance().Reason));

        _answer = Answer(200);
        await NextCheckAsync();
        Assert.Equal((InstanceState.Healthy, null), (Instance().State, Instance().Reason));
    }

    [Fact]
    public async Task An_instance_that_does_not_answer_within_five_seconds_has_failed()
    {
        _answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        Declare(new ActiveHealthCheck { UnhealthyThreshold = 1 });

        await _requests.Reader.ReadAsync(Cancelled);
        _time.Advance(TimeSpan.FromSeconds(5));
        await CheckedAsync();

        Assert.Equal((InstanceState.Unhealthy, "GET /health did not answer within 5 s"), (Instance().State, Instance().Reason));
    }

    [Fact]
    public async Task An_instance_that_refuses_the_connection_has_failed()
    {
        var port = Port();
        await _instance.StopAsync(Cancelled);
        Declare(new ActiveHealthCheck { UnhealthyThreshold = 1 }, new EndpointPortView { Name = "http", Port = port });

        await CheckedAsync();

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
        _answer = context =>
        {
            context.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
            return Answer(status)(context);
        };
        Declare(new ActiveHealthCheck { UnhealthyThreshold = 1 });

        await CheckedAsync();

        Assert.Equal(healthy, Instance().IsHandedOut);
    }

    [Theory]
    [InlineData("/health/deep?full=1")]
    [InlineData("//elsewhere.example.com/health")]
    public async Task The_declared_path_is_asked_of_the_instance_itself(string path)
    {
        Declare(new ActiveHealthCheck { Path = path });

        await CheckedAsync();

        Assert.Equal($"GET {path}", await _requests.Reader.ReadAsync(Cancelled));
    }

    [Fact]
    public async Task The_declared_port_is_asked()
    {
        Declare(new ActiveHealthCheck { Port = "admin", UnhealthyThreshold = 1 }, new() { Name = "http", Port = 1 }, new() { Name = "admin", Port = Port() });

        await CheckedAsync();

        Assert.Equal(InstanceState.Healthy, Instance().State);
    }

    [Fact]
    public async Task An_instance_without_the_declared_port_has_failed()
    {
        Declare(new ActiveHealthCheck { Port = "missing", UnhealthyThreshold = 1 });

        await CheckedAsync();

        Assert.Equal("it has no port missing", Instance().Reason);
    }

    [Fact]
    public async Task An_instance_that_is_not_ready_is_left_alone_until_it_is()
    {
        Declare(new ActiveHealthCheck());
        await CheckedAsync();
        Show(Endpoint("o1") with { Conditions = new() { Ready = false } }, Endpoint("o2"));
        await CheckedAsync("o2");

        await NextCheckAsync("o2");
        await NextCheckAsync("o2");
        Assert.Equal(TimeSpan.Zero, LastCheck("o1"));

        Show(Endpoint("o1"), Endpoint("o2"));
        await CheckedAsync("o1");
        Assert.Equal(Interval + Interval, LastCheck("o1"));
    }

    [Fact]
    public async Task A_service_that_was_known_before_the_prober_was_made_is_checked()
    {
        await _prober.StopAsync(Cancelled);
        Declare(new ActiveHealthCheck());
        using var late = Prober();

        await late.StartAsync(Cancelled);
        await CheckedAsync();
        await late.StopAsync(Cancelled);

        Assert.Equal(1, _requests.Reader.Count);
    }

    /// <summary>First checks fall on the beginning of their interval: a test must know when they are due.</summary>
    private HealthProber Prober() => new(_fleet.Caches, _directory, new ClusterPodNetwork(), _fleet.Metrics, _time, new AtOnce());

    private Task NextCheckAsync(string name = "o1")
    {
        _time.Advance(Interval);
        return CheckedAsync(name);
    }

    /// <summary>Waits until what came of a check at the present time can be read.</summary>
    private async Task CheckedAsync(string name = "o1")
    {
        while (Instance(name).CheckedAt != _time.GetUtcNow())
        {
            await _changes.Reader.ReadAsync(Cancelled);
        }
    }

    private void Declare(ActiveHealthCheck check, params EndpointPortView[] ports)
    {
        var service = Samples.Service("order");
        _fleet.Declare(service with { Spec = service.Spec with { HealthCheck = check } });
        _ports = ports.Length > 0 ? ports : [new EndpointPortView { Name = "http", Port = Port() }];
        Show(Endpoint("o1"));
    }

    private IReadOnlyList<EndpointPortView> _ports = [];

    private void Show(params EndpointView[] endpoints) => _fleet.Show(new EndpointSliceView
    {
        Metadata = new ObjectMeta { Name = "order-a", Namespace = Samples.Namespace, Labels = new Dictionary<string, string> { [EndpointSliceView.ServiceLabel] = "order" } },
        AddressType = "IPv4",
        Endpoints = endpoints,
        Ports = _ports,
    });

    private static EndpointView Endpoint(string pod) => new() { Addresses = ["127.0.0.1"], TargetRef = new() { Name = pod }, Conditions = new() { Ready = true } };

    private int Port() => new Uri(_instance.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    private Instance Instance(string name = "o1") => _directory.Find(Order).Single(instance => instance.Name == name);

    /// <summary>When it was checked last, from the beginning of the test.</summary>
    private TimeSpan LastCheck(string name = "o1") => Instance(name).CheckedAt!.Value - _time.Start;

    private static RequestDelegate Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private sealed class AtOnce : Random
    {
        public override double NextDouble() => 0;
    }
}

using System.Diagnostics.Metrics;
using Bunit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Store;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Operators.Cluster;

namespace ControlPlane.Web.Tests.Testing;

/// <summary>The console with all its services, over caches that show what a test says: no cluster fills them, and none answers.</summary>
internal sealed class ConsoleContext : BunitContext
{
    /// <summary>Nothing listens there.</summary>
    private static readonly Uri Nowhere = new("http://127.0.0.1:1");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StandingClock _clock = new();
    private readonly CallerContext _callers = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("console-").FullName;
    private long _version;

    public ConsoleContext()
        : this(Nowhere)
    {
    }

    public ConsoleContext(Uri cluster)
    {
        DefaultWaitTimeout = Patience;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(_clock);
        Services.AddLogging();
        Services.AddMetrics();
        Services.AddSingleton(provider => new RuntimeMetrics(provider.GetRequiredService<IMeterFactory>().Create("tests")));
        Services.AddSingleton(provider => KubeConnection.Anonymous(cluster, provider.GetRequiredService<RuntimeMetrics>()));
        Audit = new MemoryLog(_clock);
        Services.AddTestRecords(Log, Audit, Path.Combine(_directory, "exports"));
        Services.AddControlPlane(new ControlPlaneOptions());
        Services.AddSingleton<IGatewaySource>(Gateway);
        Services.AddPageServices();
        Services.AddSingleton(_callers);
        Services.AddSingleton<IDbContextFactory<ControlPlaneContext>>(_ => new TestStore());
        SignIn(Role.Admin);
    }

    /// <summary>The audit log.</summary>
    public MemoryLog Audit { get; }

    /// <summary>The gateway that pages ask.</summary>
    public TestGateway Gateway { get; } = new();

    /// <summary>What was appended to it.</summary>
    public InMemoryAuditLog Log { get; } = new();

    /// <summary>Makes somebody with these roles look at the pages.</summary>
    public void Become(params RoleGrant[] grants) => _callers.Become(
        new Caller { Kind = CallerKind.Person, Id = "u_test", DisplayName = "Asha", Grants = grants, Via = "console" });

    public string Address => new Uri(Services.GetRequiredService<NavigationManager>().Uri).PathAndQuery;

    private FleetCaches Caches => Services.GetRequiredService<FleetCaches>();

    /// <summary>Shows a service, or shows it anew, as a watch would tell it.</summary>
    public void Show(ManagedService service)
    {
        var version = (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Caches.Services.Cache.Upsert(service with { Metadata = service.Metadata with { ResourceVersion = version } });
    }

    /// <summary>Shows a policy, or shows it anew, as a watch would tell it.</summary>
    public void Show(CircuitPolicy policy) => Caches.Policies.Circuits.Cache.Upsert(policy);

    /// <summary>Shows a policy, or shows it anew, as a watch would tell it.</summary>
    public void Show(RateLimitPolicy policy) => Caches.Policies.RateLimits.Cache.Upsert(policy);

    /// <summary>Shows a policy, or shows it anew, as a watch would tell it.</summary>
    public void Show(TrafficPolicy policy) => Caches.Policies.Traffic.Cache.Upsert(policy);

    /// <summary>Shows a rollout, or shows it anew, as a watch would tell it.</summary>
    public void Show(CanaryRollout rollout)
    {
        var version = (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Caches.Rollouts.Cache.Upsert(rollout with { Metadata = rollout.Metadata with { ResourceVersion = version } });
    }

    /// <summary>Takes a rollout away again.</summary>
    public void Withdraw(CanaryRollout rollout) => Caches.Rollouts.Cache.Remove(rollout.Metadata.Key, last: null);

    /// <summary>Has the pages seen by somebody of a role.</summary>
    public void SignIn(Role role) => Become(new RoleGrant(role));

    public void Withdraw(ManagedService service) => Caches.Services.Cache.Remove(service.Metadata.Key, last: null);

    /// <summary>Opens the control plane's own store.</summary>
    public ControlPlaneContext OpenStore() => Services.GetRequiredService<IDbContextFactory<ControlPlaneContext>>().CreateDbContext();

    public void GoTo(string address) => Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>
    /// The time stands, so that pages show the same in each run, while timers run: a page pauses between two updates, and a test that moved the
    /// clock before the page had begun its pause would wait for ever.
    /// </summary>
    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
    }
}

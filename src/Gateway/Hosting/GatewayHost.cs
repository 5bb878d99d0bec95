using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Leadership;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Kubernetes.Status;
using Gateway.Backends;
using Gateway.Forwarding;
using Gateway.Identity;
using Gateway.Limits.Shared;
using Gateway.Metrics;
using Gateway.Planning;
using Gateway.Policies.Declared;
using Gateway.Reporting;
using Gateway.Resources;
using Gateway.Rollouts;
using Gateway.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Hosting;

/// <summary>
/// A Gateway API data plane: follows GatewayClasses, Gateways and HTTPRoutes of a Kubernetes API, listens where they say, forwards requests to
/// the instances of Services, and reports in their status.
/// </summary>
public sealed class GatewayHost : BackgroundService
{
    private const string FieldManager = "dabbawala-gateway";

    private readonly GatewayOptions _options;
    private readonly KubeApi _api;
    private readonly RuntimeMetrics _runtime;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly IReadOnlyList<IInformer> _informers;
    private readonly BackendDirectory _backends;
    private readonly GatewayReporter _reporter;
    private readonly Shortfalls _shortfalls = new();
    private readonly SharedStore? _store;
    private readonly StatusDuty _duty;
    private readonly TaskCompletionSource<Uri> _reportAddress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a gateway; nothing is sent or listened on until it is started.</summary>
    public GatewayHost(GatewayOptions options, KubeApi api, RuntimeMetrics runtime, GatewayMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        (_options, _api, _runtime, _metrics, _time, _loggers) = (options, api, runtime, metrics, time, loggers);
        Caches = new ClusterCaches(api, runtime, time, loggers);
        Declared = options.Policies is null ? new DeclaredPolicies(api, runtime, time, loggers) : null;
        Pods = Follow<PodInstance>(KnownResources.Pods);
        Rollouts = Follow<RolloutTraffic>(CanaryRollout.ResourceType);
        _informers = [.. Caches.All, Pods, .. Declared is null ? (IEnumerable<IInformer>)[] : [.. Declared.All, Rollouts]];
        var splits = Declared is null ? null : new DeclaredSplits(Declared.Services.Cache, Rollouts.Cache);
        _store = options.SharedCounter is { } counter ? new SharedStore(counter, time, loggers.CreateLogger<SharedStore>()) : null;
        _backends = new BackendDirectory(Caches.ServiceInformer.Cache, Caches.SliceInformer.Cache, Pods.Cache, splits, options.Dial, options.Policies ?? Declared!, _store, _shortfalls, time);
        _duty = new StatusDuty(options.StatusLease is { } lease
            ? new LeaseElector(api, new LeaseElectorOptions { Lease = lease, Identity = options.Name }, runtime, time, loggers.CreateLogger<LeaseElector>())
            : null);
        _reporter = new GatewayReporter(options.Name, _backends, _shortfalls, time);
        metrics.Observe(_backends, new SourceDirectory(Caches.SliceInformer.Cache, options.Dial), new InstanceVersions(Pods.Cache), time);
    }

    /// <summary>Where the report is served, once it is; only where <see cref="GatewayOptions.ReportOn"/> is given.</summary>
    public Task<Uri> ReportAddress => _reportAddress.Task;

    /// <summary>What it knows of the cluster.</summary>
    internal ClusterCaches Caches { get; }

    /// <summary>True while it writes the status; of several gateways one does.</summary>
    internal bool WritesStatus => _duty.IsOurs;

    /// <summary>Where it learns policies; null when it is told them otherwise.</summary>
    internal DeclaredPolicies? Declared { get; }

    /// <summary>Pods, for the versions and tracks of instances.</summary>
    internal Informer<PodInstance> Pods { get; }

    /// <summary>Where it learns how requests are shared during rollouts; not followed where it is told policies otherwise.</summary>
    internal Informer<RolloutTraffic> Rollouts { get; }

    /// <summary>What circuits and limits are like now.</summary>
    public GatewayReport Report() => _reporter.Report();

    private Informer<T> Follow<T>(ResourceType type)
        where T : class, IKubeObject =>
        new(_api, type, CacheScope.All, new JsonObjectDecoder<T>(), _runtime, _time, _loggers.CreateLogger<Informer<T>>());

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var proxy = new ServiceCollection().AddSingleton(_loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>)).AddHttpForwarder();
        await using var services = proxy.BuildServiceProvider();
        await using var store = _store;
        using var clients = new BackendClients();
        var table = new RoutingTable();
        var mirroring = new Mirroring(_backends, clients, _metrics, _time);
        var forwarder = new Forwarder(services.GetRequiredService<IHttpForwarder>(), clients, mirroring, _metrics, _time);
        using var authenticator = new Authenticator(_api, _shortfalls, _time);
        var handler = new RequestHandler(table, _backends, forwarder, authenticator, _metrics, _options.TrustedProxies, _time);
        await using var sockets = new SocketPool(table, handler, _options.DrainTimeout, _options.ClientPatience, _time, _loggers, _loggers.CreateLogger<SocketPool>());
        var planner = new RoutingPlanner(new PlannerOptions(_options.ControllerName, _options.Address, _options.AddressPool));
        var loop = new RoutingLoop(_informers, Caches, new PendingChanges(Caches), planner, table, sockets, _metrics, _time);
        IEnumerable<Func<CancellationToken, Task>> informers = _informers.Select(informer => (Func<CancellationToken, Task>)informer.RunAsync);
        await Together.RunAsync([.. informers, loop.RunAsync, .. Reporters(loop, sockets), .. ReportServers()], stoppingToken);
    }

    private IEnumerable<Func<CancellationToken, Task>> ReportServers() => _options.ReportOn is { } endpoint
        ? [cancel => ReportServer.RunAsync(endpoint, Report, address => _reportAddress.TrySetResult(address), _loggers, cancel)]
        : [];

    /// <summary>The controllers that write status: of what changed in the plan, and of what somebody else changed in the status.</summary>
    private IEnumerable<Func<CancellationToken, Task>> Reporters(RoutingLoop loop, SocketPool sockets)
    {
        var tracker = new WriteTracker(_time);
        tracker.Follow(Caches.GatewayInformer);
        tracker.Follow(Caches.RouteInformer);
        tracker.Follow(Caches.ClassInformer);
        var writer = new StatusWriter(_api, tracker, _runtime, FieldManager);
        var logger = _loggers.CreateLogger<Controller>();
        var classes = new ControllerBuilder("gateway-classes").For(Caches.ClassInformer).WithWorkers(1)
            .Build(new GatewayClassReconciler(Caches, _options.ControllerName, _duty, writer, _time), _runtime, [], _time, logger);
        var gateways = new ControllerBuilder("gateways").For(Caches.GatewayInformer).WithWorkers(1)
            .Build(new GatewayReconciler(Caches, () => loop.Plan, sockets, _duty, writer, tracker, _time), _runtime, [], _time, logger);
        var routes = new ControllerBuilder("http-routes").For(Caches.RouteInformer)
            .Build(new HttpRouteReconciler(Caches, _options.ControllerName, () => loop.Plan, _shortfalls, _duty, writer, tracker, _time), _runtime, [], _time, logger);
        loop.Changed = (before, after) =>
        {
            foreach (var key in after.Gateways.Keys)
            {
                gateways.Queue.Add(key, cause: "routing changed");
            }

            foreach (var (key, route) in after.Routes)
            {
                if (!ReferenceEquals(before.Routes.GetValueOrDefault(key), route))
                {
                    routes.Queue.Add(key, cause: "routing changed");
                }
            }
        };
        _shortfalls.Changed = service =>
        {
            foreach (var route in Caches.RoutesTo(service))
            {
                routes.Queue.Add(route, cause: "something that a policy needs came or went");
            }
        };
        void LookAtEverything()
        {
            Caches.Classes.ToList().ForEach(item => classes.Queue.Add(item.Metadata.Key, cause: "the status is this gateway's to write"));
            Caches.Gateways.ToList().ForEach(item => gateways.Queue.Add(item.Metadata.Key, cause: "the status is this gateway's to write"));
            Caches.Routes.ToList().ForEach(item => routes.Queue.Add(item.Metadata.Key, cause: "the status is this gateway's to write"));
        }

        return [classes.RunAsync, gateways.RunAsync, routes.RunAsync, cancel => _duty.RunAsync(LookAtEverything, cancel)];
    }
}

using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using Gateway.Backends;
using Gateway.Circuits;
using Gateway.Forwarding;
using Gateway.Metrics;
using Gateway.Planning;
using Gateway.Policies.Declared;
using Gateway.Resources;
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

    /// <summary>Makes a gateway; nothing is sent or listened on until it is started.</summary>
    public GatewayHost(GatewayOptions options, KubeApi api, RuntimeMetrics runtime, GatewayMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        (_options, _api, _runtime, _metrics, _time, _loggers) = (options, api, runtime, metrics, time, loggers);
        Caches = new ClusterCaches(api, runtime, time, loggers);
        Declared = options.Policies is null ? new DeclaredPolicies(api, runtime, time, loggers) : null;
        var pods = new Informer<PodInstance>(api, KnownResources.Pods, CacheScope.All, new JsonObjectDecoder<PodInstance>(), runtime, time, loggers.CreateLogger<Informer<PodInstance>>());
        _informers = [.. Caches.All, pods, .. Declared?.All ?? []];
        _backends = new BackendDirectory(Caches.ServiceInformer.Cache, Caches.SliceInformer.Cache, options.Dial, options.Policies ?? Declared!, time);
        metrics.Observe(_backends, new SourceDirectory(Caches.SliceInformer.Cache, options.Dial), new InstanceVersions(pods.Cache), time);
    }

    /// <summary>Every circuit that requests have come to, in the order of the services' names.</summary>
    public IReadOnlyList<CircuitReport> Circuits =>
        [.. _backends.Traffic.Select(CircuitReport.Of).OfType<CircuitReport>().OrderBy(report => report.Service, ObjectKey.ListOrder)];

    /// <summary>What it knows of the cluster.</summary>
    internal ClusterCaches Caches { get; }

    /// <summary>Where it learns policies; null when it is told them otherwise.</summary>
    internal DeclaredPolicies? Declared { get; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var proxy = new ServiceCollection().AddSingleton(_loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>)).AddHttpForwarder();
        await using var services = proxy.BuildServiceProvider();
        using var clients = new BackendClients();
        var table = new RoutingTable();
        var mirroring = new Mirroring(_backends, clients, _metrics, _time);
        var forwarder = new Forwarder(services.GetRequiredService<IHttpForwarder>(), clients, mirroring, _metrics, _time);
        var handler = new RequestHandler(table, _backends, forwarder, _metrics, _options.TrustedProxies, _time);
        await using var sockets = new SocketPool(table, handler, _options.DrainTimeout, _time, _loggers, _loggers.CreateLogger<SocketPool>());
        var planner = new RoutingPlanner(new PlannerOptions(_options.ControllerName, _options.Address, _options.AddressPool));
        var loop = new RoutingLoop(_informers, Caches, new PendingChanges(Caches), planner, table, sockets, _metrics, _time);
        IEnumerable<Func<CancellationToken, Task>> informers = _informers.Select(informer => (Func<CancellationToken, Task>)informer.RunAsync);
        await Together.RunAsync([.. informers, loop.RunAsync, .. Reporters(loop, sockets)], stoppingToken);
    }

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
            .Build(new GatewayClassReconciler(Caches, _options.ControllerName, writer, _time), _runtime, [], _time, logger);
        var gateways = new ControllerBuilder("gateways").For(Caches.GatewayInformer).WithWorkers(1)
            .Build(new GatewayReconciler(Caches, () => loop.Plan, sockets, writer, tracker, _time), _runtime, [], _time, logger);
        var routes = new ControllerBuilder("http-routes").For(Caches.RouteInformer)
            .Build(new HttpRouteReconciler(Caches, _options.ControllerName, () => loop.Plan, writer, tracker, _time), _runtime, [], _time, logger);
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
        return [classes.RunAsync, gateways.RunAsync, routes.RunAsync];
    }
}

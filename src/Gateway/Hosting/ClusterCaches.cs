using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Gateway.Planning;
using Gateway.Resources;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>What the gateway knows of the cluster.</summary>
internal sealed class ClusterCaches : IClusterView
{
    private readonly CacheIndex<ReferenceGrant> _grants;
    private readonly CacheIndex<HttpRoute> _routesByService;

    public ClusterCaches(KubeApi api, RuntimeMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        Informer<T> Follow<T>(ResourceType type, CacheScope? scope = null)
            where T : class, IKubeObject =>
            new(api, type, scope ?? CacheScope.All, new JsonObjectDecoder<T>(), metrics, time, loggers.CreateLogger<Informer<T>>());
        ClassInformer = Follow<GatewayClass>(GatewayApi.GatewayClasses);
        GatewayInformer = Follow<GatewayResource>(GatewayApi.Gateways);
        RouteInformer = Follow<HttpRoute>(GatewayApi.HttpRoutes);
        GrantInformer = Follow<ReferenceGrant>(GatewayApi.ReferenceGrants);
        ServiceInformer = Follow<Service>(KnownResources.Services);
        SliceInformer = Follow<EndpointSlice>(KnownResources.EndpointSlices);
        NamespaceInformer = Follow<NamespaceLabels>(KnownResources.Namespaces);
        SecretInformer = Follow<TlsSecret>(GatewayApi.Secrets, new CacheScope(FieldSelector: $"type={TlsSecret.SecretType}"));
        _grants = GrantInformer.Cache.AddIndex(static grant => [grant.Metadata.Namespace]);
        _routesByService = RouteInformer.Cache.AddIndex(static route => ServicesOf(route).Select(service => service.ToString()).Distinct());
    }

    public Informer<GatewayClass> ClassInformer { get; }

    public Informer<GatewayResource> GatewayInformer { get; }

    public Informer<HttpRoute> RouteInformer { get; }

    public Informer<ReferenceGrant> GrantInformer { get; }

    public Informer<Service> ServiceInformer { get; }

    public Informer<EndpointSlice> SliceInformer { get; }

    public Informer<NamespaceLabels> NamespaceInformer { get; }

    public Informer<TlsSecret> SecretInformer { get; }

    public IReadOnlyList<IInformer> All =>
        [ClassInformer, GatewayInformer, RouteInformer, GrantInformer, ServiceInformer, SliceInformer, NamespaceInformer, SecretInformer];

    public IReadOnlyCollection<GatewayClass> Classes => ClassInformer.Cache.Snapshot();

    public IReadOnlyCollection<GatewayResource> Gateways => GatewayInformer.Cache.Snapshot();

    public IReadOnlyCollection<HttpRoute> Routes => RouteInformer.Cache.Snapshot();

    public HttpRoute? FindRoute(ObjectKey key) => RouteInformer.Cache.Find(key);

    public Service? FindService(ObjectKey key) => ServiceInformer.Cache.Find(key);

    public NamespaceLabels? FindNamespace(string name) => NamespaceInformer.Cache.Find(new("", name));

    public TlsSecret? FindSecret(ObjectKey key) => SecretInformer.Cache.Find(key);

    public IReadOnlyCollection<ReferenceGrant> GrantsOf(string ns) => _grants.Get(ns);

    /// <summary>Routes that name a Service.</summary>
    public IEnumerable<ObjectKey> RoutesTo(ObjectKey service) => _routesByService.Get(service.ToString()).Select(route => route.Metadata.Key);

    private static IEnumerable<ObjectKey> ServicesOf(HttpRoute route) => route.Spec.Rules
        .SelectMany(rule => rule.BackendRefs)
        .Where(reference => reference is { Group: "", Kind: "Service" })
        .Select(reference => new ObjectKey(reference.Namespace ?? route.Metadata.Namespace, reference.Name));
}

using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Controllers;

/// <summary>What the workload controllers know of the cluster: one informer for each kind, shared by all of them.</summary>
internal sealed class WorkloadCaches
{
    /// <summary>Makes the informers; nothing is sent until they run.</summary>
    public WorkloadCaches(KubeApi api, RuntimeMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        Informer<T> Follow<T>(ResourceType type, IObjectDecoder<T>? decoder = null, CacheScope? scope = null)
            where T : class, IKubeObject =>
            new(api, type, scope ?? CacheScope.All, decoder ?? new JsonObjectDecoder<T>(), metrics, time, loggers.CreateLogger<Informer<T>>());

        Deployments = Follow<Deployment>(KnownResources.Deployments);
        ReplicaSets = Follow<ReplicaSet>(KnownResources.ReplicaSets);
        ReplicationControllers = Follow(WorkloadKinds.ReplicationControllers, new ReplicationControllerDecoder());
        Pods = Follow<Pod>(KnownResources.Pods);
        Services = Follow<Service>(KnownResources.Services);
        EndpointSlices = Follow<EndpointSlice>(KnownResources.EndpointSlices);
        Endpoints = Follow<LegacyEndpoints>(WorkloadKinds.Endpoints);
        Nodes = Follow<Node>(KnownResources.Nodes);
        NodeLeases = Follow<NodeLease>(NodeLease.ResourceType, scope: new CacheScope(Namespace: NodeLease.NodeNamespace));
        Autoscalers = Follow<HorizontalPodAutoscaler>(KnownResources.HorizontalPodAutoscalers);
        DisruptionBudgets = Follow<PodDisruptionBudget>(KnownResources.PodDisruptionBudgets);

        ReplicaSetsByOwner = ReplicaSets.Cache.AddIndex(Owner);
        ReplicaSetsByNamespace = ReplicaSets.Cache.AddIndex(Namespace);
        PodsByOwner = Pods.Cache.AddIndex(Owner);
        PodsByNamespace = Pods.Cache.AddIndex(Namespace);
        PodsByNode = Pods.Cache.AddIndex(static pod => [pod.Spec.NodeName]);
        DeploymentsByNamespace = Deployments.Cache.AddIndex(Namespace);
        ReplicationControllersByNamespace = ReplicationControllers.Cache.AddIndex(Namespace);
        ServicesByNamespace = Services.Cache.AddIndex(Namespace);
        BudgetsByNamespace = DisruptionBudgets.Cache.AddIndex(Namespace);
        SlicesByService = EndpointSlices.Cache.AddIndex(static slice => slice.Service is { } service ? [service.ToString()] : []);
    }

    public Informer<Deployment> Deployments { get; }

    public Informer<ReplicaSet> ReplicaSets { get; }

    public Informer<ReplicaSet> ReplicationControllers { get; }

    public Informer<Pod> Pods { get; }

    public Informer<Service> Services { get; }

    public Informer<EndpointSlice> EndpointSlices { get; }

    public Informer<LegacyEndpoints> Endpoints { get; }

    public Informer<Node> Nodes { get; }

    public Informer<NodeLease> NodeLeases { get; }

    public Informer<HorizontalPodAutoscaler> Autoscalers { get; }

    public Informer<PodDisruptionBudget> DisruptionBudgets { get; }

    /// <summary>ReplicaSets by the uid of their controller; those without one by <see cref="OrphansOf"/>.</summary>
    public CacheIndex<ReplicaSet> ReplicaSetsByOwner { get; }

    public CacheIndex<ReplicaSet> ReplicaSetsByNamespace { get; }

    /// <summary>Pods by the uid of their controller; those without one by <see cref="OrphansOf"/>.</summary>
    public CacheIndex<Pod> PodsByOwner { get; }

    public CacheIndex<Pod> PodsByNamespace { get; }

    /// <summary>Pods by the name of their node; those without one by the empty name.</summary>
    public CacheIndex<Pod> PodsByNode { get; }

    public CacheIndex<Deployment> DeploymentsByNamespace { get; }

    public CacheIndex<ReplicaSet> ReplicationControllersByNamespace { get; }

    public CacheIndex<Service> ServicesByNamespace { get; }

    public CacheIndex<PodDisruptionBudget> BudgetsByNamespace { get; }

    /// <summary>Slices by the Service's <see cref="ObjectKey"/>, as text.</summary>
    public CacheIndex<EndpointSlice> SlicesByService { get; }

    /// <summary>Every informer.</summary>
    public IEnumerable<IInformer> All =>
    [
        Deployments, ReplicaSets, ReplicationControllers, Pods, Services, EndpointSlices, Endpoints, Nodes, NodeLeases, Autoscalers, DisruptionBudgets,
    ];

    /// <summary>Under what an index by owner has the objects of a namespace that have no controller.</summary>
    public static string OrphansOf(string ns) => $"/{ns}";

    private static IEnumerable<string> Owner(IKubeObject item) => [item.Metadata.ControllerOwner?.Uid ?? OrphansOf(item.Metadata.Namespace)];

    private static IEnumerable<string> Namespace(IKubeObject item) => [item.Metadata.Namespace];
}

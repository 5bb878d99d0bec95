using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.ReplicaSets;

/// <summary>What differs between ReplicaSets and ReplicationControllers.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Informer">Its objects.</param>
/// <param name="ByNamespace">Its objects by namespace.</param>
/// <param name="CountsTerminating">True when the status says how many pods are on their way out.</param>
internal sealed record ReplicaSetKind(ResourceType Type, Informer<ReplicaSet> Informer, CacheIndex<ReplicaSet> ByNamespace, bool CountsTerminating)
{
    /// <summary>Says which changes make which set be looked at.</summary>
    public ControllerBuilder Watch(WorkloadCaches caches) =>
        new ControllerBuilder(Type.Kind.ToLowerInvariant())
            .WithWorkers(5)
            .For(Informer)
            .Owns(caches.Pods, Type)
            .Watches(caches.Pods, Adopters);

    /// <summary>Sets that may want a pod that has no controller.</summary>
    private IEnumerable<ObjectKey> Adopters(CacheChange<Pod> change) =>
        change.New is { Metadata.ControllerOwner: null } pod
            ? ByNamespace.Get(pod.Metadata.Namespace).Where(set => set.Spec.Selector.Matches(pod.Metadata.Labels)).Select(set => set.Metadata.Key)
            : [];
}

using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>Says which changes make which Deployment be looked at.</summary>
internal static class DeploymentController
{
    public static ControllerBuilder Watch(WorkloadCaches caches) =>
        new ControllerBuilder("deployment")
            .WithWorkers(5)
            .For(caches.Deployments)
            .Owns(caches.ReplicaSets, KnownResources.Deployments)
            .Watches(caches.ReplicaSets, change => Adopters(caches, change))
            .Watches(caches.Pods, change => WaitingForTheEnd(caches, change));

    /// <summary>Deployments that may want a ReplicaSet that has no controller.</summary>
    private static IEnumerable<ObjectKey> Adopters(WorkloadCaches caches, CacheChange<ReplicaSet> change) =>
        change.New is { Metadata.ControllerOwner: null } set
            ? caches.DeploymentsByNamespace.Get(set.Metadata.Namespace)
                .Where(deployment => deployment.Spec.Selector.Matches(set.Metadata.Labels))
                .Select(deployment => deployment.Metadata.Key)
            : [];

    /// <summary>A Deployment that recreates its pods goes on when the last old one has ended.</summary>
    private static IEnumerable<ObjectKey> WaitingForTheEnd(WorkloadCaches caches, CacheChange<Pod> change)
    {
        if ((change.New is null || change.New.IsFinished)
            && change.Latest.Metadata.ControllerOwner is { } owner
            && caches.ReplicaSets.Cache.Find(new ObjectKey(change.Latest.Metadata.Namespace, owner.Name)) is { Metadata.ControllerOwner: { } above } set)
        {
            yield return new ObjectKey(set.Metadata.Namespace, above.Name);
        }
    }
}

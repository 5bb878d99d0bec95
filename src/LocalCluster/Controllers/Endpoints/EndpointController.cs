using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Endpoints;

/// <summary>Says which changes make the endpoints of which Service be looked at.</summary>
internal static class EndpointController
{
    public static ControllerBuilder Watch(WorkloadCaches caches) =>
        new ControllerBuilder("endpoint")
            .WithWorkers(5)
            .For(caches.Services, Changes.OfDeclaration)
            .Owns(caches.EndpointSlices, KnownResources.Services)
            .Watches(caches.Endpoints, change => [change.Key])
            .Watches(caches.Pods, change => Served(caches, change))
            .Watches(caches.Nodes, change => OnNode(caches, change));

    /// <summary>Services that select the pod now or did before, if anything that endpoints show has changed.</summary>
    private static IEnumerable<ObjectKey> Served(WorkloadCaches caches, CacheChange<Pod> change)
    {
        if (change.Initial || (change is { Old: { } old, New: { } now } && Shown(old) == Shown(now) && old.HasLabelsOf(now)))
        {
            return []; // at start every Service is looked at anyway
        }

        return caches.ServicesByNamespace.Get(change.Latest.Metadata.Namespace)
            .Where(service => (change.Old is { } before && service.Selects(before)) || (change.New is { } after && service.Selects(after)))
            .Select(service => service.Metadata.Key);
    }

    /// <summary>Services of the pods on a node that came, went or moved to another zone.</summary>
    private static IEnumerable<ObjectKey> OnNode(WorkloadCaches caches, CacheChange<Node> change) =>
        change.Initial || change.Old?.Zone == change.New?.Zone && change is { Old: not null, New: not null }
            ? []
            : caches.PodsByNode.Get(change.Key.Name).SelectMany(pod => Served(caches, new CacheChange<Pod>(null, pod, Initial: false))).Distinct();

    private static (string? Address, string Node, bool Ready, bool Terminating, bool Finished) Shown(Pod pod) =>
        (pod.Status.PodIp, pod.Spec.NodeName, pod.IsReady, pod.IsTerminating, pod.IsFinished);
}

using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Autoscaling;

/// <summary>Something that can be scaled.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Its name.</param>
/// <param name="Replicas">Pods that it wants.</param>
internal sealed record ScaleTarget(ResourceType Type, ObjectKey Key, int Replicas);

/// <summary>Finds what autoscalers scale: of the kinds that something on this cluster acts on.</summary>
/// <param name="caches">What is known of the cluster.</param>
internal sealed class ScaleTargets(WorkloadCaches caches)
{
    private readonly CacheIndex<HorizontalPodAutoscaler> _byTarget = caches.Autoscalers.Cache.AddIndex(static autoscaler =>
        autoscaler.Spec.ScaleTargetRef is { } target ? [Text(target.Kind, new ObjectKey(autoscaler.Metadata.Namespace, target.Name))] : []);

    /// <summary>The target of an autoscaler; null when there is none.</summary>
    public ScaleTarget? Of(HorizontalPodAutoscaler autoscaler)
    {
        if (autoscaler.Spec.ScaleTargetRef is not { } target)
        {
            return null;
        }

        var key = new ObjectKey(autoscaler.Metadata.Namespace, target.Name);
        return target.Kind switch
        {
            "Deployment" => Found(KnownResources.Deployments, key, caches.Deployments.Cache.Find(key)?.Spec.Replicas),
            "ReplicaSet" => Found(KnownResources.ReplicaSets, key, caches.ReplicaSets.Cache.Find(key)?.Spec.Replicas),
            "ReplicationController" => Found(WorkloadKinds.ReplicationControllers, key, caches.ReplicationControllers.Cache.Find(key)?.Spec.Replicas),
            _ => null,
        };
    }

    /// <summary>Says which changes make which autoscaler be looked at.</summary>
    public ControllerBuilder Watch() =>
        new ControllerBuilder("horizontalpodautoscaler")
            .WithWorkers(2)
            .For(caches.Autoscalers)
            .Watches(caches.Deployments, change => Scaling(KnownResources.Deployments, change, d => d.Spec.Replicas))
            .Watches(caches.ReplicaSets, change => Scaling(KnownResources.ReplicaSets, change, s => s.Spec.Replicas))
            .Watches(caches.ReplicationControllers, change => Scaling(WorkloadKinds.ReplicationControllers, change, s => s.Spec.Replicas));

    private static ScaleTarget? Found(ResourceType type, ObjectKey key, int? replicas) =>
        replicas is { } wanted ? new ScaleTarget(type, key, wanted) : null;

    /// <summary>Autoscalers of a target whose wanted number changed, or that came or went.</summary>
    private IEnumerable<ObjectKey> Scaling<T>(ResourceType type, CacheChange<T> change, Func<T, int> replicas)
        where T : class, IKubeObject =>
        change is { Old: { } old, New: { } now } && replicas(old) == replicas(now)
            ? []
            : _byTarget.Get(Text(type.Kind, change.Key)).Select(autoscaler => autoscaler.Metadata.Key);

    private static string Text(string kind, ObjectKey key) => $"{kind} {key}";
}

using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>Says when which pod is looked at: when it comes, and when something changed that may have made room for it.</summary>
internal static class SchedulerController
{
    private const string Name = "default-scheduler";

    public static ControllerBuilder Watch(WorkloadCaches caches) =>
        new ControllerBuilder("scheduler")
            .WithWorkers(1)
            .Watches(caches.Pods, change => change.New is { } pod && Waits(pod) && Changes.OfDeclaration(change) ? [change.Key] : [])
            .Watches(caches.Pods, change => Concerned(caches, change))
            .Watches(caches.Nodes, change => MayMakeRoom(change) ? Waiting(caches) : []);

    /// <summary>True when the pod has no node and this scheduler is to find one.</summary>
    public static bool Waits(Pod pod) =>
        pod.Spec.NodeName.Length == 0
        && pod.Spec.SchedulerName is Name or ""
        && pod.Spec.SchedulingGates.Count == 0
        && pod.IsActive;

    /// <summary>A pod that leaves its node makes room for any; one that came to a node only for those that look at their neighbours.</summary>
    private static IEnumerable<ObjectKey> Concerned(WorkloadCaches caches, CacheChange<Pod> change)
    {
        var left = change.Latest.Spec.NodeName.Length > 0 && (change.New is null || (change.New.IsFinished && change.Old is { IsFinished: false }));
        var came = change is { Old.Spec.NodeName.Length: 0, New.Spec.NodeName.Length: > 0 };
        return left ? Waiting(caches)
            : came ? Waiting(caches, pod => InterPodAffinityRule.Concerns(pod) || pod.Spec.TopologySpreadConstraints.Count > 0)
            : [];
    }

    private static bool MayMakeRoom(CacheChange<Node> change) =>
        change is not { Old: { } old, New: { } now }
        || Changes.OfDeclaration(change)
        || old.Spec.Unschedulable != now.Spec.Unschedulable
        || old.Spec.Taints.Count != now.Spec.Taints.Count
        || !old.Status.Allocatable.OrderBy(r => r.Key, StringComparer.Ordinal).SequenceEqual(now.Status.Allocatable.OrderBy(r => r.Key, StringComparer.Ordinal));

    private static IEnumerable<ObjectKey> Waiting(WorkloadCaches caches, Func<Pod, bool>? which = null) =>
        caches.PodsByNode.Get("").Where(pod => Waits(pod) && (which is null || which(pod))).Select(pod => pod.Metadata.Key);
}

using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.ReplicaSets;

/// <summary>What a ReplicaSet reports of its pods.</summary>
internal static class ReplicaSetStatusPlanner
{
    private const string ReplicaFailure = "ReplicaFailure";

    /// <summary>Plans the status.</summary>
    /// <param name="set">The ReplicaSet.</param>
    /// <param name="active">Its pods that count.</param>
    /// <param name="terminating">How many of its pods are on their way out; null for kinds that do not count them.</param>
    /// <param name="problem">Why pods could not be created or deleted; null when they could.</param>
    /// <param name="now">Now.</param>
    public static ReplicaSetStatus Plan(ReplicaSet set, IReadOnlyList<Pod> active, int? terminating, string? problem, DateTimeOffset now) => new()
    {
        Replicas = active.Count,
        FullyLabeledReplicas = active.Count(pod => set.Spec.Template.Labels.All(
            label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value)),
        ReadyReplicas = active.Count(pod => pod.IsReady),
        AvailableReplicas = active.Count(pod => pod.AvailableFrom(set.Spec.MinReadySeconds) <= now),
        TerminatingReplicas = terminating,
        ObservedGeneration = set.Metadata.Generation,
        Conditions = Conditions(set, active.Count, problem, now),
    };

    /// <summary>When the next pod becomes available; null when no time alone can make one so.</summary>
    public static DateTimeOffset? NextAvailable(ReplicaSet set, IEnumerable<Pod> active, DateTimeOffset now) =>
        active.Select(pod => pod.AvailableFrom(set.Spec.MinReadySeconds)).Where(from => from > now).Min();

    private static IReadOnlyList<StatusCondition> Conditions(ReplicaSet set, int active, string? problem, DateTimeOffset now)
    {
        var before = set.Status.Conditions;
        if (problem is null)
        {
            return before.Without(ReplicaFailure);
        }

        var reason = active < set.Spec.Replicas ? "FailedCreate" : "FailedDelete";
        return before.Find(ReplicaFailure) is not null
            ? before
            : before.Set(new StatusCondition { Type = ReplicaFailure, Status = ConditionStatus.True, Reason = reason, Message = problem }, now);
    }
}

using System.Globalization;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.ReplicaSets;

/// <summary>
/// Which pods a ReplicaSet gives up first when it has too many: those that are of least use, then those that stand too close together, then
/// the youngest. The order of kube-controller-manager (ActivePodsWithRanks).
/// </summary>
internal static class DeletionOrder
{
    private const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>Picks pods to delete.</summary>
    /// <param name="pods">The active pods of the ReplicaSet.</param>
    /// <param name="relatives">All pods of the ReplicaSets of the same Deployment: nodes that have many of them are relieved first.</param>
    /// <param name="count">How many to pick.</param>
    /// <param name="now">Now.</param>
    public static IReadOnlyList<Pod> Pick(IReadOnlyList<Pod> pods, IEnumerable<Pod> relatives, int count, DateTimeOffset now)
    {
        if (count >= pods.Count)
        {
            return pods;
        }

        var perNode = relatives.Where(pod => pod.IsActive).CountBy(pod => pod.Spec.NodeName).ToDictionary(StringComparer.Ordinal);
        return
        [
            .. pods
                .OrderByDescending(pod => pod.Spec.NodeName.Length == 0)
                .ThenBy(pod => pod.Status.Phase switch { PodPhase.Pending => 0, PodPhase.Running => 2, _ => 1 })
                .ThenBy(pod => pod.IsReady)
                .ThenBy(Cost)
                .ThenByDescending(pod => perNode.GetValueOrDefault(pod.Spec.NodeName))
                .ThenBy(pod => pod.ReadySince is { } since ? AgeRank(since, now) : -1)
                .ThenByDescending(pod => pod.Status.ContainerStatuses.Select(c => c.RestartCount).DefaultIfEmpty().Max())
                .ThenBy(pod => AgeRank(pod.Metadata.CreationTimestamp ?? now, now))
                .ThenBy(pod => pod.Metadata.Uid, StringComparer.Ordinal)
                .Take(count),
        ];
    }

    private static int Cost(Pod pod) =>
        pod.Metadata.Annotations.TryGetValue(CostAnnotation, out var text)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost)
            ? cost
            : 0;

    /// <summary>Ages of the same order of magnitude count as equal, so that not always the last rollout's pods go first.</summary>
    private static int AgeRank(DateTimeOffset since, DateTimeOffset now)
    {
        var nanoseconds = (now - since).TotalNanoseconds;
        return nanoseconds > 0 ? (int)Math.Log2(nanoseconds) : -1;
    }
}

using System.Globalization;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>Where a pod goes.</summary>
/// <param name="Node">Name of the node; null for none.</param>
/// <param name="Problem">Why none will do, in kube-scheduler's words; null when one does.</param>
internal sealed record Placement(string? Node, string? Problem);

/// <summary>Finds the best node for a pod among those that can take it.</summary>
internal static class PlacementPlanner
{
    /// <summary>In kube-scheduler's order: the first rule that rejects a node says why.</summary>
    private static readonly ISchedulingRule[] Rules =
    [
        new TaintRule(), new NodeAffinityRule(), new ResourceRule(), new TopologySpreadRule(), new InterPodAffinityRule(),
    ];

    /// <summary>Places a pod.</summary>
    public static Placement Place(Pod pod, IReadOnlyList<NodeState> cluster)
    {
        if (cluster.Count == 0)
        {
            return new Placement(null, "no nodes available to schedule pods");
        }

        var rejections = cluster.Select(node => Reject(pod, node, cluster)).ToList();
        var candidates = cluster.Where((_, i) => rejections[i].Count == 0).OrderBy(node => node.Node.Metadata.Name, StringComparer.Ordinal).ToList();
        return candidates.Count > 0
            ? new Placement(Best(pod, candidates, cluster), null)
            : new Placement(null, Describe(rejections));
    }

    private static List<string> Reject(Pod pod, NodeState node, IReadOnlyList<NodeState> cluster) =>
        Rules.Select(rule => rule.Reject(pod, node, cluster).ToList()).FirstOrDefault(reasons => reasons.Count > 0, []);

    private static string Best(Pod pod, List<NodeState> candidates, IReadOnlyList<NodeState> cluster)
    {
        var totals = new double[candidates.Count];
        foreach (var rule in Rules)
        {
            if (rule.Score(pod, candidates, cluster) is { } scores)
            {
                for (var i = 0; i < totals.Length; i++)
                {
                    totals[i] += rule.Weight * scores[i];
                }
            }
        }

        return candidates[Array.IndexOf(totals, totals.Max())].Node.Metadata.Name;
    }

    private static string Describe(List<List<string>> rejections)
    {
        var reasons = rejections.SelectMany(reasons => reasons).CountBy(reason => reason)
            .Select(reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Value} {reason.Key}"))
            .Order(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"0/{rejections.Count} nodes are available: {string.Join(", ", reasons)}.");
    }
}

using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>Spreads pods of a kind over zones and nodes: constraints that forbid a skew reject nodes, the others only score.</summary>
internal sealed class TopologySpreadRule : ISchedulingRule
{
    private const string DoNotSchedule = "DoNotSchedule";

    /// <inheritdoc/>
    public int Weight => 2;

    /// <inheritdoc/>
    public IEnumerable<string> Reject(Pod pod, NodeState node, IReadOnlyList<NodeState> cluster)
    {
        foreach (var constraint in pod.Spec.TopologySpreadConstraints.Where(c => c.WhenUnsatisfiable == DoNotSchedule))
        {
            if (!node.Node.Metadata.Labels.TryGetValue(constraint.TopologyKey, out var domain))
            {
                yield return "node(s) didn't match pod topology spread constraints (missing required label)";
                yield break;
            }

            var counts = CountByDomain(pod, constraint, cluster);
            var fewest = counts.Count < (constraint.MinDomains ?? 1) ? 0 : counts.Values.DefaultIfEmpty().Min();
            var own = IsCounted(pod, pod, constraint) ? 1 : 0;
            if (counts.GetValueOrDefault(domain) + own - fewest > constraint.MaxSkew)
            {
                yield return "node(s) didn't match pod topology spread constraints";
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<double>? Score(Pod pod, IReadOnlyList<NodeState> candidates, IReadOnlyList<NodeState> cluster)
    {
        var soft = pod.Spec.TopologySpreadConstraints.Where(c => c.WhenUnsatisfiable != DoNotSchedule)
            .Select(c => (Constraint: c, Counts: CountByDomain(pod, c, cluster))).ToList();
        if (soft.Count == 0)
        {
            return null;
        }

        // The more domains there are, the more a pod too many in one of them counts.
        var crowded = candidates.Select(node => soft.Sum(s =>
            node.Node.Metadata.Labels.TryGetValue(s.Constraint.TopologyKey, out var domain)
                ? (s.Counts.GetValueOrDefault(domain) * Math.Log(s.Counts.Count + 2)) + s.Constraint.MaxSkew - 1
                : 0)).ToList();
        var (least, most) = (crowded.Min(), crowded.Max());
        return most == 0 ? null : [.. crowded.Select(value => Scores.Best * (most + least - value) / most)];
    }

    /// <summary>Pods of the kind in each zone (or on each node) that the pod could go to.</summary>
    private static Dictionary<string, int> CountByDomain(Pod pod, V1TopologySpreadConstraint constraint, IReadOnlyList<NodeState> cluster)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in cluster)
        {
            if (node.Node.Metadata.Labels.TryGetValue(constraint.TopologyKey, out var domain)
                && (constraint.NodeAffinityPolicy == "Ignore" || NodeAffinityRule.Selects(pod, node.Node)))
            {
                counts[domain] = counts.GetValueOrDefault(domain) + node.Pods.Count(other => !other.IsTerminating && IsCounted(pod, other, constraint));
            }
        }

        return counts;
    }

    private static bool IsCounted(Pod pod, Pod other, V1TopologySpreadConstraint constraint) =>
        other.Metadata.Namespace == pod.Metadata.Namespace
        && constraint.LabelSelector.Matches(other.Metadata.Labels)
        && (constraint.MatchLabelKeys ?? []).All(key =>
            pod.Metadata.Labels.GetValueOrDefault(key) == other.Metadata.Labels.GetValueOrDefault(key));
}

using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>Puts pods on the nodes that their node selector and node affinity name.</summary>
internal sealed class NodeAffinityRule : ISchedulingRule
{
    /// <inheritdoc/>
    public int Weight => 2;

    /// <inheritdoc/>
    public IEnumerable<string> Reject(Pod pod, NodeState node, IReadOnlyList<NodeState> cluster)
    {
        if (!Selects(pod, node.Node))
        {
            yield return "node(s) didn't match Pod's node affinity/selector";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<double>? Score(Pod pod, IReadOnlyList<NodeState> candidates, IReadOnlyList<NodeState> cluster) =>
        pod.Spec.Affinity?.NodeAffinity?.PreferredDuringSchedulingIgnoredDuringExecution is { Count: > 0 } preferred
            ? Scores.ByShare([.. candidates.Select(node => (double)preferred.Where(term => Fits(term.Preference, node.Node)).Sum(term => term.Weight))])
            : null;

    /// <summary>True when the pod may run on the node as far as its selector and its required affinity say.</summary>
    public static bool Selects(Pod pod, Node node) =>
        pod.Spec.NodeSelector.All(label => node.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && (pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution is not { } required
            || required.NodeSelectorTerms.Any(term => Fits(term, node)));

    /// <summary>An empty term fits no node.</summary>
    private static bool Fits(V1NodeSelectorTerm term, Node node) =>
        term.MatchExpressions is { Count: > 0 } || term.MatchFields is { Count: > 0 }
            ? Fits(term.MatchExpressions, node.Metadata.Labels)
                && Fits(term.MatchFields, new Dictionary<string, string> { ["metadata.name"] = node.Metadata.Name })
            : false;

    private static bool Fits(IEnumerable<V1NodeSelectorRequirement>? requirements, IReadOnlyDictionary<string, string> values) =>
        requirements?.All(r => LabelSelection.Matches(r.Key, r.OperatorProperty, r.Values, values)) ?? true;
}

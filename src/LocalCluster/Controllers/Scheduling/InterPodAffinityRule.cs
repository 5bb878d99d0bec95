using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>Puts pods near those that they name, and away from those that they, or that pods already there, do not want near.</summary>
internal sealed class InterPodAffinityRule : ISchedulingRule
{
    /// <inheritdoc/>
    public int Weight => 2;

    /// <summary>True when where others are can make the pod schedulable.</summary>
    public static bool Concerns(Pod pod) => pod.Spec.Affinity is { PodAffinity: not null } or { PodAntiAffinity: not null };

    /// <inheritdoc/>
    public IEnumerable<string> Reject(Pod pod, NodeState node, IReadOnlyList<NodeState> cluster)
    {
        if (pod.Spec.Affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.All(term => IsMet(pod, term, node, cluster)) == false)
        {
            yield return "node(s) didn't match pod affinity rules";
        }
        else if (pod.Spec.Affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?
            .Any(term => Neighbours(term, node, cluster).Any(other => Selects(pod, term, other))) == true)
        {
            yield return "node(s) didn't match pod anti-affinity rules";
        }
        else if (cluster.Any(other => other.Pods.Any(neighbour => IsRefused(pod, neighbour, node, other))))
        {
            yield return "node(s) didn't satisfy existing pods anti-affinity rules";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<double>? Score(Pod pod, IReadOnlyList<NodeState> candidates, IReadOnlyList<NodeState> cluster)
    {
        var near = pod.Spec.Affinity?.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? [];
        var far = pod.Spec.Affinity?.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? [];
        if (near.Count + far.Count == 0)
        {
            return null;
        }

        var sums = candidates.Select(node => near.Sum(term => Weigh(pod, term, node, cluster)) - far.Sum(term => Weigh(pod, term, node, cluster))).ToList();
        var (least, most) = (sums.Min(), sums.Max());
        return most == least ? null : [.. sums.Select(sum => Scores.Best * (sum - least) / (most - least))];
    }

    /// <summary>A pod that wants to be near its own kind may be the first of it.</summary>
    private static bool IsMet(Pod pod, V1PodAffinityTerm term, NodeState node, IReadOnlyList<NodeState> cluster) =>
        Neighbours(term, node, cluster).Any(other => Selects(pod, term, other))
        || (node.Node.Metadata.Labels.ContainsKey(term.TopologyKey)
            && Selects(pod, term, pod)
            && !cluster.Any(any => any.Pods.Any(other => Selects(pod, term, other))));

    private static bool IsRefused(Pod pod, Pod neighbour, NodeState node, NodeState itsNode) =>
        neighbour.Spec.Affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?
            .Any(term => SameDomain(term.TopologyKey, node, itsNode) && Selects(neighbour, term, pod)) == true;

    private static double Weigh(Pod pod, V1WeightedPodAffinityTerm term, NodeState node, IReadOnlyList<NodeState> cluster) =>
        term.Weight * Neighbours(term.PodAffinityTerm, node, cluster).Count(other => Selects(pod, term.PodAffinityTerm, other));

    private static IEnumerable<Pod> Neighbours(V1PodAffinityTerm term, NodeState node, IReadOnlyList<NodeState> cluster) =>
        cluster.Where(other => SameDomain(term.TopologyKey, node, other)).SelectMany(other => other.Pods);

    private static bool SameDomain(string topologyKey, NodeState a, NodeState b) =>
        a.Node.Metadata.Labels.TryGetValue(topologyKey, out var domain) && b.Node.Metadata.Labels.GetValueOrDefault(topologyKey) == domain;

    /// <summary>Without namespaces a term speaks of its own pod's; a namespace selector counts as all namespaces.</summary>
    private static bool Selects(Pod owner, V1PodAffinityTerm term, Pod other) =>
        (term.NamespaceSelector is not null
            || (term.Namespaces is { Count: > 0 } named ? named.Contains(other.Metadata.Namespace) : other.Metadata.Namespace == owner.Metadata.Namespace))
        && term.LabelSelector.Matches(other.Metadata.Labels);
}

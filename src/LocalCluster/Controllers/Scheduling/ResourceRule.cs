using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>Keeps pods off nodes that have no room for them; prefers the least loaded node.</summary>
internal sealed class ResourceRule : ISchedulingRule
{
    private const string Pods = "pods";

    private static readonly string[] Scored = ["cpu", "memory"];

    /// <inheritdoc/>
    public int Weight => 1;

    /// <inheritdoc/>
    public IEnumerable<string> Reject(Pod pod, NodeState node, IReadOnlyList<NodeState> cluster)
    {
        if (node.Pods.Count + 1 > Allocatable(node, Pods))
        {
            yield return "Too many pods";
        }

        var used = Used(node);
        foreach (var (resource, wanted) in PodRequests.Of(pod.Spec))
        {
            if (wanted > 0 && wanted > Allocatable(node, resource) - used.GetValueOrDefault(resource))
            {
                yield return $"Insufficient {resource}";
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(Pod pod, IReadOnlyList<NodeState> candidates, IReadOnlyList<NodeState> cluster)
    {
        var wanted = PodRequests.Of(pod.Spec);
        return [.. candidates.Select(node => Free(node, wanted))];
    }

    /// <summary>Share of cpu and memory that is left once the pod is there, 0 to 100. Pods decide where requests say nothing.</summary>
    private static double Free(NodeState node, Dictionary<string, decimal> wanted)
    {
        var used = Used(node);
        var free = Scored.Select(resource => Allocatable(node, resource) is > 0 and var allocatable
            ? (double)((allocatable - used.GetValueOrDefault(resource) - wanted.GetValueOrDefault(resource)) / allocatable)
            : 0);
        var room = Allocatable(node, Pods) is > 0 and var most ? (double)((most - node.Pods.Count) / most) : 0;
        return Scores.Best * free.Append(room).Average();
    }

    private static decimal Allocatable(NodeState node, string resource) =>
        node.Node.Status.Allocatable.TryGetValue(resource, out var quantity) ? quantity.ToDecimal() : 0;

    private static Dictionary<string, decimal> Used(NodeState node)
    {
        var used = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (resource, quantity) in node.Pods.SelectMany(pod => PodRequests.Of(pod.Spec)))
        {
            used[resource] = used.GetValueOrDefault(resource) + quantity;
        }

        return used;
    }
}

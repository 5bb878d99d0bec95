using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>One of the things that decide where a pod goes; what kube-scheduler calls a plugin.</summary>
internal interface ISchedulingRule
{
    /// <summary>How much its opinion counts beside others'.</summary>
    int Weight { get; }

    /// <summary>Why a node can't take the pod, in kube-scheduler's words; nothing when it can.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="node">The node.</param>
    /// <param name="cluster">All nodes.</param>
    IEnumerable<string> Reject(Pod pod, NodeState node, IReadOnlyList<NodeState> cluster);

    /// <summary>How good each candidate is, from 0 to 100; null when they are all the same to it.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="candidates">Nodes that can take the pod.</param>
    /// <param name="cluster">All nodes.</param>
    IReadOnlyList<double>? Score(Pod pod, IReadOnlyList<NodeState> candidates, IReadOnlyList<NodeState> cluster);
}

/// <summary>Scales opinions to a common range.</summary>
internal static class Scores
{
    /// <summary>Highest score.</summary>
    public const double Best = 100;

    /// <summary>The largest becomes 100, the others in proportion; null when there is none above 0.</summary>
    public static IReadOnlyList<double>? ByShare(IReadOnlyList<double> raw)
    {
        var most = raw.Max();
        return most > 0 ? [.. raw.Select(value => Best * value / most)] : null;
    }
}

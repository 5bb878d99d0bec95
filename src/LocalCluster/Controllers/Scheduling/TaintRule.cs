using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>Keeps pods off nodes that are cordoned or have taints that they do not tolerate; avoids those that would rather not.</summary>
internal sealed class TaintRule : ISchedulingRule
{
    private const string NoSchedule = "NoSchedule";
    private const string NoExecute = "NoExecute";
    private const string PreferNoSchedule = "PreferNoSchedule";

    private static readonly V1Taint Cordoned = new() { Key = "node.kubernetes.io/unschedulable", Effect = NoSchedule };

    /// <inheritdoc/>
    public int Weight => 3;

    /// <inheritdoc/>
    public IEnumerable<string> Reject(Pod pod, NodeState node, IReadOnlyList<NodeState> cluster)
    {
        if (node.Node.Spec.Unschedulable && !Tolerates(pod, Cordoned))
        {
            yield return "node(s) were unschedulable";
        }
        else if (node.Node.Spec.Taints.Any(taint => taint.Effect is NoSchedule or NoExecute && !Tolerates(pod, taint)))
        {
            yield return "node(s) had untolerated taint(s)";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<double>? Score(Pod pod, IReadOnlyList<NodeState> candidates, IReadOnlyList<NodeState> cluster)
    {
        var unwanted = Scores.ByShare(
            [.. candidates.Select(node => (double)node.Node.Spec.Taints.Count(taint => taint.Effect == PreferNoSchedule && !Tolerates(pod, taint)))]);
        return unwanted is null ? null : [.. unwanted.Select(share => Scores.Best - share)];
    }

    /// <summary>True when a toleration of the pod covers the taint.</summary>
    public static bool Tolerates(Pod pod, V1Taint taint) => pod.Spec.Tolerations.Any(toleration => Covers(toleration, taint));

    /// <summary>True when a toleration covers a taint. An empty key covers every key, an empty effect every effect.</summary>
    public static bool Covers(V1Toleration toleration, V1Taint taint) =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
        && (toleration.OperatorProperty == "Exists"
            ? string.IsNullOrEmpty(toleration.Key) || toleration.Key == taint.Key
            : toleration.Key == taint.Key && (toleration.Value ?? "") == (taint.Value ?? ""));
}

using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Nodes;

/// <summary>What follows for a node from what it says of itself, and from its silence.</summary>
internal static class NodeHealthPlanner
{
    private const string NotReady = "node.kubernetes.io/not-ready";
    private const string Unreachable = "node.kubernetes.io/unreachable";
    private const string Unschedulable = "node.kubernetes.io/unschedulable";
    private const string NoSchedule = "NoSchedule";
    private const string NoExecute = "NoExecute";

    private static readonly string[] Reported = [Node.ReadyCondition, "MemoryPressure", "DiskPressure", "PIDPressure"];

    private static readonly Dictionary<string, string> Pressures = new(StringComparer.Ordinal)
    {
        ["MemoryPressure"] = "node.kubernetes.io/memory-pressure",
        ["DiskPressure"] = "node.kubernetes.io/disk-pressure",
        ["PIDPressure"] = "node.kubernetes.io/pid-pressure",
        ["NetworkUnavailable"] = "node.kubernetes.io/network-unavailable",
    };

    /// <summary>The conditions of a node that has fallen silent: nothing that it said is known to hold any more.</summary>
    public static IReadOnlyList<StatusCondition> Silenced(Node node, DateTimeOffset now)
    {
        var conditions = node.Status.Conditions;
        foreach (var type in Reported)
        {
            conditions = conditions.Find(type) switch
            {
                { Status: ConditionStatus.Unknown } => conditions,
                { } said => conditions.Set(
                    said with { Status = ConditionStatus.Unknown, Reason = "NodeStatusUnknown", Message = "Kubelet stopped posting node status." }, now),
                null => conditions.Set(
                    new StatusCondition
                    {
                        Type = type,
                        Status = ConditionStatus.Unknown,
                        Reason = "NodeStatusNeverUpdated",
                        Message = "Kubelet never posted node status.",
                        LastHeartbeatTime = node.Metadata.CreationTimestamp,
                    },
                    now),
            };
        }

        return conditions;
    }

    /// <summary>The taints that a node should have: those that follow from its conditions, and those of others.</summary>
    public static IReadOnlyList<V1Taint> Taints(Node node, DateTimeOffset now)
    {
        var wanted = Wanted(node).ToList();
        var kept = node.Spec.Taints.Where(taint => !IsOwn(taint) || wanted.Exists(w => Same(w, taint))).ToList();
        var added = wanted.Where(w => !node.Spec.Taints.Any(taint => Same(w, taint))).ToList();
        foreach (var taint in added.Where(taint => taint.Effect == NoExecute))
        {
            taint.TimeAdded = now.UtcDateTime;
        }

        return [.. kept, .. added];
    }

    private static IEnumerable<V1Taint> Wanted(Node node)
    {
        var ready = node.Status.Conditions.Find(Node.ReadyCondition)?.Status;
        if (ready is ConditionStatus.False or ConditionStatus.Unknown)
        {
            var key = ready == ConditionStatus.False ? NotReady : Unreachable;
            yield return new V1Taint { Key = key, Effect = NoSchedule };
            yield return new V1Taint { Key = key, Effect = NoExecute };
        }

        foreach (var (condition, key) in Pressures.Where(pressure => node.Status.Conditions.IsTrue(pressure.Key)))
        {
            yield return new V1Taint { Key = key, Effect = NoSchedule };
        }

        if (node.Spec.Unschedulable)
        {
            yield return new V1Taint { Key = Unschedulable, Effect = NoSchedule };
        }
    }

    private static bool IsOwn(V1Taint taint) => taint.Key is NotReady or Unreachable or Unschedulable || Pressures.ContainsValue(taint.Key);

    private static bool Same(V1Taint a, V1Taint b) => a.Key == b.Key && a.Effect == b.Effect;
}

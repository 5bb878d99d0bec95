using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>
/// Spreads a change of the wanted number over all ReplicaSets that have pods, in proportion to their sizes: scaling in the middle of a rollout
/// must not hasten it, since the new template may be a bad one.
/// </summary>
internal static class ProportionalScaling
{
    /// <summary>Plans the sizes.</summary>
    /// <param name="bounds">Bounds at the new number.</param>
    /// <param name="active">ReplicaSets with pods, more than one.</param>
    /// <param name="deploymentReplicas">Pods that the Deployment last reported, for sets that do not say what they were sized for.</param>
    public static IReadOnlyList<Sizing> Plan(RolloutBounds bounds, IReadOnlyList<ReplicaSet> active, int deploymentReplicas)
    {
        var allowed = bounds.Desired > 0 ? bounds.MaxTotal : 0;
        var toAdd = allowed - active.Sum(set => set.Spec.Replicas);
        var sizings = new List<Sizing>(active.Count);
        var left = toAdd;
        foreach (var set in InOrder(active, grows: toAdd > 0))
        {
            var share = left == 0 ? 0 : Share(bounds, set, deploymentReplicas);
            share = toAdd > 0 ? Math.Min(share, left) : Math.Max(share, left);
            sizings.Add(new Sizing(set, set.Spec.Replicas + share));
            left -= share;
        }

        // What rounding left over goes to the largest. It may be too small to give up all of that, and stays above what is allowed for a step.
        sizings[0] = sizings[0] with { Replicas = Math.Max(0, sizings[0].Replicas + left) };
        return sizings;
    }

    /// <summary>Largest first; of equals, the newest grows first and the oldest shrinks first.</summary>
    private static IEnumerable<ReplicaSet> InOrder(IReadOnlyList<ReplicaSet> sets, bool grows)
    {
        var bySize = sets.OrderByDescending(set => set.Spec.Replicas);
        return grows
            ? bySize.ThenByDescending(set => set.Metadata.CreationTimestamp).ThenByDescending(set => set.Metadata.Name, StringComparer.Ordinal)
            : bySize.ThenBy(set => set.Metadata.CreationTimestamp).ThenBy(set => set.Metadata.Name, StringComparer.Ordinal);
    }

    private static int Share(RolloutBounds bounds, ReplicaSet set, int deploymentReplicas)
    {
        if (bounds.Desired == 0)
        {
            return -set.Spec.Replicas;
        }

        var sizedFor = Revisions.Number(set, Revisions.MaxReplicasAnnotation) is > 0 and var annotated ? annotated : deploymentReplicas;
        return sizedFor == 0
            ? 0
            : (int)Math.Round((double)set.Spec.Replicas * bounds.MaxTotal / sizedFor, MidpointRounding.AwayFromZero) - set.Spec.Replicas;
    }
}

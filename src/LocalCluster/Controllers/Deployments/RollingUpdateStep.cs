using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>A ReplicaSet and the size that it should have.</summary>
internal readonly record struct Sizing(ReplicaSet Set, int Replicas);

/// <summary>
/// The next step of a rolling update: grow the new ReplicaSet as far as the surge allows, or else shrink old ones as far as availability
/// allows. Repeated whenever pods come, become available or go, it replaces all pods without ever leaving the bounds.
/// </summary>
internal static class RollingUpdateStep
{
    /// <summary>Plans one step.</summary>
    /// <param name="bounds">Bounds of the rollout.</param>
    /// <param name="fresh">ReplicaSet of the newest template.</param>
    /// <param name="old">The other ReplicaSets.</param>
    /// <returns>The sizes that change; none while there is nothing to do but to wait.</returns>
    public static IReadOnlyList<Sizing> Plan(RolloutBounds bounds, ReplicaSet fresh, IReadOnlyList<ReplicaSet> old)
    {
        var size = FreshSize(bounds, fresh, old);
        return size != fresh.Spec.Replicas ? [new Sizing(fresh, size)] : Shrink(bounds, fresh, old);
    }

    /// <summary>The size that the newest ReplicaSet may have beside the others.</summary>
    public static int FreshSize(RolloutBounds bounds, ReplicaSet fresh, IReadOnlyList<ReplicaSet> old)
    {
        var room = bounds.MaxTotal - old.Sum(set => set.Spec.Replicas);
        return Math.Min(bounds.Desired, Math.Max(fresh.Spec.Replicas, room));
    }

    private static List<Sizing> Shrink(RolloutBounds bounds, ReplicaSet fresh, IReadOnlyList<ReplicaSet> old)
    {
        var total = fresh.Spec.Replicas + old.Sum(set => set.Spec.Replicas);
        var spare = total - bounds.MinAvailable - (fresh.Spec.Replicas - Available(fresh));
        if (spare <= 0)
        {
            return [];
        }

        var shrinking = old.Where(set => set.Spec.Replicas > 0)
            .OrderBy(set => set.Metadata.CreationTimestamp).ThenBy(set => set.Metadata.Name, StringComparer.Ordinal)
            .Select(set => new Sizing(set, set.Spec.Replicas)).ToList();

        // Pods that are not available go first: without them nothing is lost, with them the rollout would wait for ever.
        Take(shrinking, spare, sizing => sizing.Set.Spec.Replicas - Available(sizing.Set));
        Take(shrinking, Available(fresh) + old.Sum(Available) - bounds.MinAvailable, sizing => sizing.Replicas);
        shrinking.RemoveAll(sizing => sizing.Replicas == sizing.Set.Spec.Replicas);
        return shrinking;
    }

    private static void Take(List<Sizing> shrinking, int count, Func<Sizing, int> available)
    {
        for (var i = 0; i < shrinking.Count && count > 0; i++)
        {
            var taken = Math.Min(count, available(shrinking[i]));
            shrinking[i] = shrinking[i] with { Replicas = shrinking[i].Replicas - taken };
            count -= taken;
        }
    }

    /// <summary>
    /// Available pods that a set will keep. Its status may be older than its size: pods above the size are as good as gone, and counting
    /// them would take more from the others than availability allows.
    /// </summary>
    private static int Available(ReplicaSet set) => Math.Min(set.Status.AvailableReplicas, set.Spec.Replicas);
}

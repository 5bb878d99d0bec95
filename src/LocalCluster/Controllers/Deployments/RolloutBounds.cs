using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>How far a rollout may go above and below the wanted number of pods.</summary>
/// <param name="Desired">Wanted pods.</param>
/// <param name="MaxSurge">Pods above it.</param>
/// <param name="MaxUnavailable">Pods below it.</param>
internal sealed record RolloutBounds(int Desired, int MaxSurge, int MaxUnavailable)
{
    /// <summary>Available pods that there must always be.</summary>
    public int MinAvailable => Desired - MaxUnavailable;

    /// <summary>Pods that there may be at most.</summary>
    public int MaxTotal => Desired + MaxSurge;

    /// <summary>Resolves percentages: surge is rounded up, unavailability down. If nothing is left of either, one pod may be missing.</summary>
    public static RolloutBounds Of(DeploymentSpec spec)
    {
        if (spec.Strategy.Type != DeploymentPlanner.RollingUpdate)
        {
            return new(spec.Replicas, 0, 0);
        }

        var surge = IntOrPercent.Of(spec.Strategy.RollingUpdate?.MaxSurge, spec.Replicas, roundUp: true);
        var unavailable = IntOrPercent.Of(spec.Strategy.RollingUpdate?.MaxUnavailable, spec.Replicas, roundUp: false);
        if (surge == 0 && unavailable == 0)
        {
            unavailable = 1;
        }

        return new(spec.Replicas, surge, Math.Min(unavailable, spec.Replicas));
    }
}

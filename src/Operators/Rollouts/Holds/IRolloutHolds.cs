using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Holds;

/// <summary>A reason why rollouts may have to wait, such as a freeze or a burnt error budget. Each kind is one of these; all are asked.</summary>
public interface IRolloutHolds
{
    /// <summary>What holds a rollout now; empty when nothing does. Must not throw for a source that is away: not to know is no reason to stop.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="services">Its services.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    ValueTask<IReadOnlyList<RolloutHold>> FindAsync(CanaryRollout rollout, IReadOnlyList<ManagedService> services, CancellationToken cancellationToken);
}

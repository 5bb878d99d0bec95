using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Holds;

/// <summary>Holds rollouts during a change freeze.</summary>
internal sealed class FreezeHolds(RolloutOptions options, TimeProvider time) : IRolloutHolds
{
    private static readonly TimeSpan India = TimeSpan.FromMinutes(330);

    public ValueTask<IReadOnlyList<RolloutHold>> FindAsync(CanaryRollout rollout, IReadOnlyList<ManagedService> services, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ValueTask.FromResult<IReadOnlyList<RolloutHold>>([
            .. options.Freezes
                .Where(freeze => freeze.From <= now && now < freeze.To && (freeze.Namespaces.Count == 0 || freeze.Namespaces.Contains(rollout.Metadata.Namespace)))
                .Select(static freeze => new RolloutHold { Type = RolloutHoldTypes.Freeze, Message = $"change freeze until {freeze.To.ToOffset(India).ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture)} IST: {freeze.Reason}" }),
        ]);
    }
}

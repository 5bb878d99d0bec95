using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace Operators.Rollouts.Holds;

/// <summary>Holds a rollout before its canary's first request while as many others as may have requests at the same time.</summary>
internal sealed class CapHolds(FleetCaches caches, RolloutOptions options, TimeProvider time) : IRolloutHolds
{
    /// <summary>How long one that was let go counts although the cache does not show it yet.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, DateTimeOffset> _letGo = [];

    public ValueTask<IReadOnlyList<RolloutHold>> FindAsync(CanaryRollout rollout, IReadOnlyList<ManagedService> services, CancellationToken cancellationToken)
    {
        if (rollout.Status is not { CanaryRevision: not null, TrafficSince: null })
        {
            return ValueTask.FromResult<IReadOnlyList<RolloutHold>>([]);
        }

        lock (_gate)
        {
            var (key, now) = (rollout.Metadata.Key, time.GetUtcNow());
            foreach (var old in _letGo.Where(entry => now - entry.Value > Grace).Select(static entry => entry.Key).ToList())
            {
                _letGo.Remove(old);
            }

            var inFleet = caches.RolloutsWithTraffic.Get("").Select(static other => other.Metadata.Key).Union(_letGo.Keys).Where(other => other != key).ToList();
            var here = inFleet.Count(other => other.Namespace == key.Namespace);
            if (here >= options.MostPerNamespace)
            {
                return ValueTask.FromResult<IReadOnlyList<RolloutHold>>([Cap($"{here} rollouts of namespace {key.Namespace} are under way, which is as many as may be (Rollouts:MostPerNamespace)")]);
            }

            if (inFleet.Count >= options.MostInFleet)
            {
                return ValueTask.FromResult<IReadOnlyList<RolloutHold>>([Cap($"{inFleet.Count} rollouts of the fleet are under way, which is as many as may be (Rollouts:MostInFleet)")]);
            }

            _letGo[key] = now;
            return ValueTask.FromResult<IReadOnlyList<RolloutHold>>([]);
        }
    }

    private static RolloutHold Cap(string message) => new() { Type = "Cap", Message = message };
}

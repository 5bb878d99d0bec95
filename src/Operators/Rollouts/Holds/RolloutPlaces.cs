using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace Operators.Rollouts.Holds;

/// <summary>
/// Places of rollouts whose canaries have requests at the same time: as many as may be. One takes its place at the step that brings its canary the first request, and only
/// when nothing else holds it: else those who wait for a person, or for the end of a freeze, would have all places.
/// </summary>
internal sealed class RolloutPlaces(FleetCaches caches, RolloutOptions options, TimeProvider time)
{
    /// <summary>How long one that took its place counts although the cache does not show it yet.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, DateTimeOffset> _taken = [];

    /// <summary>Takes a place.</summary>
    /// <returns>What holds the rollout when there is none; null when it has one, or needs none.</returns>
    public RolloutHold? Take(CanaryRollout rollout)
    {
        if (rollout.Status is not { CanaryRevision: not null, TrafficSince: null, Step: { } position } || rollout.Spec.Steps.ElementAtOrDefault(position.Index) is not ({ SetWeight: > 0 } or { SetMatch: not null }))
        {
            return null;
        }

        lock (_gate)
        {
            var (key, now) = (rollout.Metadata.Key, time.GetUtcNow());
            foreach (var old in _taken.Where(entry => now - entry.Value > Grace).Select(static entry => entry.Key).ToList())
            {
                _taken.Remove(old);
            }

            var inFleet = caches.RolloutsWithTraffic.Get("").Select(static other => other.Metadata.Key).Union(_taken.Keys).Where(other => other != key).ToList();
            var here = inFleet.Count(other => other.Namespace == key.Namespace);
            if (here >= options.MostPerNamespace)
            {
                return Full($"{here} rollouts of namespace {key.Namespace} are under way, which is as many as may be (Rollouts:MostPerNamespace)");
            }

            if (inFleet.Count >= options.MostInFleet)
            {
                return Full($"{inFleet.Count} rollouts of the fleet are under way, which is as many as may be (Rollouts:MostInFleet)");
            }

            _taken[key] = now;
            return null;
        }
    }

    private static RolloutHold Full(string message) => new() { Type = RolloutHoldTypes.Cap, Message = message };
}

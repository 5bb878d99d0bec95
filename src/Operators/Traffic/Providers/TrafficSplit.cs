using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Traffic.Providers;

/// <summary>How the requests to a service are shared between its stable version and its canary.</summary>
/// <param name="Weight">Per cent of the requests that go to the canary, 0 to 100.</param>
/// <param name="Match">Requests that go to the canary whatever the weight; null for none.</param>
/// <param name="Mirror">Per cent of the requests to the stable version of which the canary gets a copy, 0 to 100.</param>
public sealed record TrafficSplit(int Weight, RolloutMatch? Match = null, int Mirror = 0)
{
    /// <summary>All of them to the canary.</summary>
    internal static TrafficSplit AllToCanary { get; } = new(100);

    /// <summary>What a rollout says of a service; null while its status does not count the service among those that it moves.</summary>
    public static TrafficSplit? Of(CanaryRollout rollout, ObjectKey service)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return rollout is { Metadata.DeletionTimestamp: null, Status: { } status } && rollout.Metadata.Namespace == service.Namespace && status.Members.Any(member => member.Service == service.Name)
            ? new(status.Weight, status.Match is { Headers.Count: 0, Cookies.Count: 0 } ? null : status.Match, status.Mirror)
            : null;
    }

    /// <inheritdoc/>
    public bool Equals(TrafficSplit? other) => other is not null
        && (Weight, Mirror) == (other.Weight, other.Mirror)
        && (Match?.Headers ?? []).SequenceEqual(other.Match?.Headers ?? [])
        && (Match?.Cookies ?? []).SequenceEqual(other.Match?.Cookies ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Weight, Mirror, Match?.Headers.Count, Match?.Cookies.Count);
}

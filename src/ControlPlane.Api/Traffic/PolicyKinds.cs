using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace ControlPlane.Api.Traffic;

/// <summary>The kinds of traffic policies.</summary>
public static class PolicyKinds
{
    /// <summary>All of them, in the order in which people think of them.</summary>
    public static IReadOnlyList<ResourceType> All { get; } = [TrafficPolicy.ResourceType, RateLimitPolicy.ResourceType, CircuitPolicy.ResourceType];

    /// <summary>A kind by its name, such as <c>RateLimitPolicy</c>, or as addresses write it, such as <c>ratelimitpolicies</c>, in any case; null when there is none.</summary>
    public static ResourceType? Find(string? name) => All.FirstOrDefault(type =>
        string.Equals(type.Kind, name, StringComparison.OrdinalIgnoreCase) || string.Equals(type.Plural, name, StringComparison.OrdinalIgnoreCase));
}

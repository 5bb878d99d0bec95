using ControlPlane.Kubernetes.Resources;

namespace Operators.Traffic.Providers;

/// <summary>The data planes that are known here.</summary>
public static class TrafficProviders
{
    /// <summary>In the order in which one is chosen, where a cluster serves the kinds of several.</summary>
    public static IReadOnlyList<ITrafficProvider> All { get; } = [];

    /// <summary>Every kind that any of them may write.</summary>
    public static IReadOnlyList<ResourceType> Kinds { get; } = [.. All.SelectMany(static provider => provider.Kinds).Distinct()];
}

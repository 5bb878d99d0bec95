using ControlPlane.Kubernetes.Resources;
using Operators.Traffic.Providers.Embedded;

namespace Operators.Traffic.Providers;

/// <summary>The data planes that are known here.</summary>
public static class TrafficProviders
{
    /// <summary>In the order in which one is chosen, where a cluster serves the kinds of several: the one that asks for least comes last.</summary>
    public static IReadOnlyList<ITrafficProvider> All { get; } = [new EmbeddedProvider()];

    /// <summary>Every kind that any of them may write.</summary>
    public static IReadOnlyList<ResourceType> Kinds { get; } = [.. All.SelectMany(static provider => provider.Kinds).Distinct()];
}

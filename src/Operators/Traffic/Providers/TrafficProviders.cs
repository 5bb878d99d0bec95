using ControlPlane.Kubernetes.Resources;
using Operators.Traffic.Providers.Embedded;
using Operators.Traffic.Providers.GatewayApi;
using Operators.Traffic.Providers.Istio;
using Operators.Traffic.Providers.Kong;

namespace Operators.Traffic.Providers;

/// <summary>The data planes that are known here.</summary>
public static class TrafficProviders
{
    /// <summary>Every kind that any of them may write.</summary>
    public static IReadOnlyList<ResourceType> Kinds { get; } = [.. All().SelectMany(static provider => provider.Kinds).Distinct()];

    /// <summary>All of them, in the order in which one is chosen where a cluster serves the kinds of several: the one that asks for least comes last.</summary>
    /// <param name="counters">The Redis that proxies count in together; null for none.</param>
    public static IReadOnlyList<ITrafficProvider> All(SharedCounterStore? counters = null) =>
        [new IstioProvider(), new GatewayApiProvider(), new KongProvider(counters), new EmbeddedProvider(counters)];
}

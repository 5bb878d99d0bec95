using ControlPlane.Kubernetes.Resources;
using Operators.Traffic.Providers.Embedded;
using Operators.Traffic.Providers.GatewayApi;
using Operators.Traffic.Providers.Istio;
using Operators.Traffic.Providers.Kong;

namespace Operators.Traffic.Providers;

/// <summary>The data planes that are known here.</summary>
public static class TrafficProviders
{
    /// <summary>
    /// Those that are chosen, in this order, where a cluster serves the kinds of several: the one that asks for least comes last. Kong is not among
    /// them yet: it reads settings from annotations of the Service, which nobody writes so far.
    /// </summary>
    public static IReadOnlyList<ITrafficProvider> Choosable { get; } = [new IstioProvider(), new GatewayApiProvider(), new EmbeddedProvider()];

    /// <summary>Every kind that one of these may write.</summary>
    public static IReadOnlyList<ResourceType> Kinds { get; } = [.. Choosable.SelectMany(static provider => provider.Kinds).Distinct()];

    /// <summary>All that can render policies, the embedded one first.</summary>
    /// <param name="counters">The Redis that gateways count in; null for none.</param>
    public static IReadOnlyList<ITrafficProvider> All(SharedCounterStore? counters = null) =>
        [new EmbeddedProvider(), new IstioProvider(), new GatewayApiProvider(), new KongProvider(counters)];
}

using Operators.Traffic.Providers.Embedded;
using Operators.Traffic.Providers.GatewayApi;
using Operators.Traffic.Providers.Istio;
using Operators.Traffic.Providers.Kong;

namespace Operators.Traffic.Providers;

/// <summary>The data planes that are known.</summary>
public static class TrafficProviders
{
    /// <summary>All of them, the embedded one first.</summary>
    /// <param name="counters">The Redis that gateways count in; null for none.</param>
    public static IReadOnlyList<ITrafficProvider> All(SharedCounterStore? counters = null) =>
        [new EmbeddedProvider(), new IstioProvider(), new GatewayApiProvider(), new KongProvider(counters)];
}

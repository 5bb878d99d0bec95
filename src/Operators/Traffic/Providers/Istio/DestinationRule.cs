using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>How callers, sidecars and Gateways alike, deal with the instances: which one takes a request, how much may be under way, and who is left out.</summary>
internal static class DestinationRule
{
    public static DesiredObject? Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var (traffic, circuit) = (snapshot.Policy.Traffic, snapshot.Policy.Circuit);
        var policy = new JsonObject()
            .Put("loadBalancer", LoadBalancer(traffic.LoadBalancing))
            .Put("connectionPool", Pool(circuit.Pool, unsupported))
            .Put("outlierDetection", Outliers(circuit, unsupported))
            .Put("retryBudget", Budget(traffic.Retries?.Budget));
        return policy.Count == 0 && snapshot.Split is null
            ? null
            : TrafficObject.WithSpec(
                TrafficKinds.DestinationRules,
                snapshot.Service,
                part: null,
                new JsonObject { ["host"] = snapshot.Front.Name }.Put("trafficPolicy", policy).Put("subsets", snapshot.Split is null ? null : TrackSubsets.Declared()));
    }

    private static JsonObject? LoadBalancer(LoadBalancing? balancing) => balancing switch
    {
        null => null,
        { HashOn: { } source } => new JsonObject { ["consistentHash"] = Hash(source) },
        _ => new JsonObject
        {
            ["simple"] = balancing.Algorithm switch
            {
                BalancingAlgorithm.RoundRobin => "ROUND_ROBIN",
                BalancingAlgorithm.Random => "RANDOM",
                _ => "LEAST_REQUEST",
            },
        },
    };

    private static JsonObject Hash(HashSource source) => source.Type switch
    {
        HashSourceType.Header => new() { ["httpHeaderName"] = source.Name },
        HashSourceType.Cookie => new() { ["httpCookie"] = new JsonObject { ["name"] = source.Name, ["ttl"] = "0s" } },
        _ => new() { ["useSourceIp"] = true },
    };

    private static JsonObject? Pool(ConnectionPool? pool, UnsupportedSettings unsupported)
    {
        if (pool is null)
        {
            return null;
        }

        unsupported.AddIf(pool.MaxPending == 0, "spec.pool.maxPending", "0 means no ceiling to Istio; the least is 1");
        return new JsonObject()
            .Put("tcp", new JsonObject().Put("maxConnections", pool.MaxConnections))
            .Put("http", new JsonObject()
                .Put("http1MaxPendingRequests", pool.MaxPending is { } pending ? Math.Max(1, pending) : null)
                .Put("http2MaxRequests", pool.MaxRequests)
                .Put("maxRequestsPerConnection", pool.MaxRequestsPerConnection));
    }

    private static JsonObject? Outliers(CircuitPolicySpec circuit, UnsupportedSettings unsupported)
    {
        if (InstanceEjection.Of(circuit, countsRates: false, unsupported) is not { ConsecutiveErrors: { } errors } outliers)
        {
            return null;
        }

        var gatewaysOnly = EnvoyErrors.AreGatewaysOnly(circuit, outliers, unsupported);
        unsupported.AddIf(outliers.Interval is not null && PolicyDuration.IsNone(outliers.Interval), "spec.ejection.interval", "the least is 1ms");
        unsupported.AddIf(PolicyDuration.IsNone(outliers.BaseTime), circuit.Ejection is null ? "spec.openFor" : "spec.ejection.baseTime", "the least is 1ms");
        unsupported.AddIf(circuit.Ejection?.MaxPercent == 0, "spec.ejection.maxPercent", "0 means Envoy's own ceiling to Istio; the least is 1");
        return new JsonObject { ["consecutive5xxErrors"] = gatewaysOnly ? 0 : errors } // absent it would count five
            .Put("consecutiveGatewayErrors", gatewaysOnly ? errors : null)
            .Put("interval", PolicyDuration.Positive(outliers.Interval))
            .Put("baseEjectionTime", PolicyDuration.Positive(outliers.BaseTime))
            .Put("maxEjectionPercent", Math.Max(1, outliers.MaxPercent));
    }

    private static JsonObject? Budget(RetryBudget? budget) =>
        budget is null ? null : new() { ["percent"] = budget.Percent, ["minRetryConcurrency"] = budget.MinimumPerSecond };
}

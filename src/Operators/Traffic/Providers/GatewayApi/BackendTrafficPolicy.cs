using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.GatewayApi;

/// <summary>How Envoy Gateway deals with the instances of a service: balancing, retries, ceilings, who is left out, limits and sizes.</summary>
internal static class BackendTrafficPolicy
{
    private const string NoMethods = "Envoy Gateway repeats requests of every method, so only those are repeated that never reached the service";

    /// <summary>Failures of tries that never reached the service.</summary>
    private static readonly (FailureKind Kind, string Name)[] Unsent = [(FailureKind.ConnectFailure, "connect-failure"), (FailureKind.Reset, "reset-before-request")];

    public static DesiredObject? Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var (traffic, circuit) = (snapshot.Policy.Traffic, snapshot.Policy.Circuit);
        unsupported.AddIf(traffic.MaxRequestBytes == 0, "spec.maxRequestBytes", "the least is 1 byte");
        var spec = RouteTarget.Of(snapshot);
        var targets = spec.Count;
        spec.Put("loadBalancer", LoadBalancer(traffic.LoadBalancing))
            .Put("retry", Retries(traffic, unsupported))
            .Put("circuitBreaker", Ceilings(circuit.Pool, traffic.Retries?.Budget))
            .Put("healthCheck", Outliers(circuit, unsupported))
            .Put("rateLimit", RateLimits.Of(snapshot.Policy, unsupported))
            .Put("requestBuffer", traffic.MaxRequestBytes is { } most ? new JsonObject { ["limit"] = Math.Max(1, most) } : null);
        return spec.Count == targets
            ? null
            : TrafficObject.WithSpec(TrafficKinds.BackendTrafficPolicies, snapshot.Service, part: null, spec, RateLimits.Names(snapshot.Policy.RateLimit));
    }

    /// <summary>True when some tries are repeated.</summary>
    public static bool Repeats(TrafficRetries? retries) => retries is { Attempts: > 0 } && Triggers(retries).Count > 0;

    private static JsonObject? LoadBalancer(LoadBalancing? balancing) => balancing is null
        ? null
        : new JsonObject { ["type"] = balancing.Algorithm.ToString() }.Put("consistentHash", balancing.HashOn is { } source ? Hash(source) : null);

    private static JsonObject Hash(HashSource source) => source.Type switch
    {
        HashSourceType.Header => new() { ["type"] = "Headers", ["headers"] = new JsonArray(new JsonObject { ["name"] = source.Name }) },
        HashSourceType.Cookie => new() { ["type"] = "Cookie", ["cookie"] = new JsonObject { ["name"] = source.Name } },
        _ => new() { ["type"] = "SourceIP" },
    };

    /// <summary>
    /// Envoy Gateway repeats requests of every method. Unless the policy allows that, only such tries are repeated as never reached the service:
    /// what is lost is a retry, and not a payment that is made twice.
    /// </summary>
    private static JsonObject? Retries(TrafficPolicySpec traffic, UnsupportedSettings unsupported)
    {
        foreach (var route in traffic.Routes.Where(route => Repeats(traffic.Retries) && route.Timeouts?.BackendRequest is not null))
        {
            unsupported.Add($"spec.routes[{route.Name}].timeouts.backendRequest", "with retries, Envoy Gateway limits the tries of all routes alike");
        }

        if (traffic.Retries is not { } retries)
        {
            return null;
        }

        if (retries.Attempts == 0)
        {
            return new JsonObject { ["numRetries"] = 0 };
        }

        var triggers = Triggers(retries);
        ReportConditions(retries, unsupported);
        if (triggers.Count == 0)
        {
            unsupported.Add("spec.retries", NoMethods);
            return null;
        }

        var tryLimit = PolicyDuration.Positive(retries.PerTryTimeout ?? traffic.Timeouts?.BackendRequest);
        return new JsonObject
        {
            ["numRetries"] = retries.Attempts,
            ["retryOn"] = new JsonObject { ["triggers"] = triggers.ToJson() },
        }.Put("perRetry", new JsonObject().Put("timeout", tryLimit).Put("backOff", Backoff(retries.Backoff, unsupported)));
    }

    private static IReadOnlyList<string> Triggers(TrafficRetries retries)
    {
        var conditions = RetryRules.ConditionsOf(retries);
        return RetryRules.RepeatsAll(retries)
            ? RetryRules.EnvoyTriggers(conditions)
            : [.. Unsent.Where(trigger => conditions.Contains(trigger.Kind)).Select(static trigger => trigger.Name)];
    }

    private static void ReportConditions(TrafficRetries retries, UnsupportedSettings unsupported)
    {
        if (RetryRules.RepeatsAll(retries))
        {
            RetryRules.ReportBlurred(retries, unsupported);
            return;
        }

        unsupported.Add("spec.retries.methods", NoMethods);
        unsupported.AddIf(RetryRules.ConditionsOf(retries).Any(static kind => kind != FailureKind.ConnectFailure), "spec.retries.conditions", NoMethods);
    }

    private static JsonObject? Backoff(RetryBackoff? backoff, UnsupportedSettings unsupported)
    {
        if (backoff is null)
        {
            return null;
        }

        unsupported.AddIf(PolicyDuration.IsNone(backoff.Base), "spec.retries.backoff.base", "a pause is longer than 0s");
        unsupported.AddIf(PolicyDuration.IsNone(backoff.Max), "spec.retries.backoff.max", "a pause is longer than 0s");
        return new JsonObject().Put("baseInterval", PolicyDuration.Positive(backoff.Base)).Put("maxInterval", PolicyDuration.Positive(backoff.Max));
    }

    private static JsonObject Ceilings(ConnectionPool? pool, RetryBudget? budget) => new JsonObject()
        .Put("maxConnections", pool?.MaxConnections)
        .Put("maxParallelRequests", pool?.MaxRequests)
        .Put("maxPendingRequests", pool?.MaxPending)
        .Put("maxRequestsPerConnection", pool?.MaxRequestsPerConnection)
        .Put("retryBudget", budget is null ? null : new JsonObject
        {
            ["percent"] = new JsonObject { ["numerator"] = budget.Percent, ["denominator"] = 100 },
            ["minRetryConcurrency"] = budget.MinimumPerSecond,
        });

    private static JsonObject? Outliers(CircuitPolicySpec circuit, UnsupportedSettings unsupported)
    {
        if (InstanceEjection.Of(circuit, countsRates: true, unsupported) is not { } outliers)
        {
            return null;
        }

        var gatewaysOnly = EnvoyErrors.AreGatewaysOnly(circuit, outliers, unsupported);

        // Where the threshold is reached for all instances, a circuit is open; Envoy's default would rather let all of them have requests again.
        return new JsonObject
        {
            ["panicThreshold"] = 0,
            ["passive"] = new JsonObject { ["consecutive5XxErrors"] = gatewaysOnly ? 0 : outliers.ConsecutiveErrors ?? 0 }
                .Put("consecutiveGatewayErrors", gatewaysOnly ? outliers.ConsecutiveErrors : null)
                .Put("failurePercentageThreshold", outliers.FailurePercent)
                .Put("interval", outliers.Interval)
                .Put("baseEjectionTime", outliers.BaseTime)
                .Put("maxEjectionPercent", outliers.MaxPercent),
        };
    }
}

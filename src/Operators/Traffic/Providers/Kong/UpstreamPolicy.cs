using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Kong;

/// <summary>
/// Which instance takes a request, and which are left out. Kong never takes an instance back by what it sees of requests, so an active check does: it
/// looks only at those that are out, once in the time that a circuit is to be open, and is content with a connection.
/// </summary>
internal static class UpstreamPolicy
{
    public static DesiredObject? Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var circuit = snapshot.Policy.Circuit;
        unsupported.AddIf(circuit.Pool is not null, "spec.pool", "Kong has no ceiling of what is under way");
        var spec = Balancing(snapshot.Policy.Traffic.LoadBalancing, unsupported).Put("healthchecks", Checks(circuit, unsupported));
        return spec.Count == 0 ? null : TrafficObject.WithSpec(TrafficKinds.KongUpstreamPolicies, snapshot.Service, part: null, spec);
    }

    private static JsonObject Balancing(LoadBalancing? balancing, UnsupportedSettings unsupported)
    {
        switch (balancing)
        {
            case null:
                return [];
            case { HashOn: { } source }:
                return new JsonObject { ["algorithm"] = "consistent-hashing", ["hashOn"] = Hash(source) };
            case { Algorithm: BalancingAlgorithm.Random }:
                unsupported.Add("spec.loadBalancing.algorithm", "Kong does not choose at random");
                return [];
            default:
                return new JsonObject { ["algorithm"] = balancing.Algorithm == BalancingAlgorithm.LeastRequest ? "least-connections" : "round-robin" };
        }
    }

    private static JsonObject Hash(HashSource source) => source.Type switch
    {
        HashSourceType.Header => new() { ["header"] = source.Name },
        HashSourceType.Cookie => new() { ["cookie"] = source.Name, ["cookiePath"] = "/" },
        _ => new() { ["input"] = "ip" },
    };

    private static JsonObject? Checks(CircuitPolicySpec circuit, UnsupportedSettings unsupported)
    {
        if (InstanceEjection.Of(circuit, countsRates: false, unsupported) is not { ConsecutiveErrors: { } errors } ejection)
        {
            return null;
        }

        if (circuit.Ejection is not null)
        {
            unsupported.Add("spec.ejection.interval", "Kong looks at each answer, not from time to time");
            unsupported.Add("spec.ejection.maxPercent", "Kong has no ceiling of the instances that are left out");
        }

        var field = circuit.Ejection is null ? "spec.openFor" : "spec.ejection.baseTime";
        var seconds = PolicyDuration.WholeSeconds(ejection.BaseTime);
        unsupported.AddIf(seconds is null, field, "Kong takes whole seconds, at least one");
        return new JsonObject
        {
            ["passive"] = new JsonObject
            {
                ["type"] = "http",
                ["healthy"] = new JsonObject { ["successes"] = 1 }, // without it errors are counted that are not in a row
                ["unhealthy"] = Errors(circuit, errors, unsupported),
            },
            ["active"] = new JsonObject
            {
                ["type"] = "tcp",
                ["healthy"] = new JsonObject { ["interval"] = 0, ["successes"] = 1 },
                ["unhealthy"] = new JsonObject { ["interval"] = seconds ?? Math.Max(1, (int)Math.Ceiling(PolicyDuration.Parse(ejection.BaseTime).TotalSeconds)) },
            },
        };
    }

    private static JsonObject Errors(CircuitPolicySpec circuit, int errors, UnsupportedSettings unsupported)
    {
        var kinds = circuit.CountAsError ?? [FailureKind.ServerError, FailureKind.ConnectFailure, FailureKind.Reset, FailureKind.Timeout];
        unsupported.AddIf(
            kinds.Contains(FailureKind.ConnectFailure) != kinds.Contains(FailureKind.Reset),
            "spec.countAsError",
            "Kong counts ConnectFailure and Reset as one");
        IEnumerable<int> statuses = kinds.Contains(FailureKind.ServerError) ? Enumerable.Range(500, 100) : kinds.Contains(FailureKind.GatewayError) ? [502, 503, 504] : [];
        return new JsonObject()
            .Put("httpStatuses", new JsonArray([.. statuses.Select(static status => (JsonNode)status)]))
            .Put("httpFailures", statuses.Any() ? errors : null)
            .Put("tcpFailures", kinds.Contains(FailureKind.ConnectFailure) || kinds.Contains(FailureKind.Reset) ? errors : null)
            .Put("timeouts", kinds.Contains(FailureKind.Timeout) ? errors : null);
    }
}

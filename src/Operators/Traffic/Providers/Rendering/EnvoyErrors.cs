using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>What Envoy can count as an error of an instance: either every 5xx or the gateway's three, and with either every failure to get an answer.</summary>
internal static class EnvoyErrors
{
    private static readonly FailureKind[] NoAnswer = [FailureKind.ConnectFailure, FailureKind.Reset, FailureKind.Timeout];

    /// <summary>True when 502, 503 and 504 alone count of the answers.</summary>
    public static bool AreGatewaysOnly(CircuitPolicySpec circuit, InstanceEjection ejection, UnsupportedSettings unsupported)
    {
        unsupported.AddIf(
            circuit.FailureRate is not null && ejection.FailurePercent is not null,
            "spec.failureRate.minimumRequests",
            "Envoy's own minimum holds: 50 requests to an instance, and 5 instances");
        if (circuit.CountAsError is not { } kinds)
        {
            return false;
        }

        var gatewaysOnly = !kinds.Contains(FailureKind.ServerError);
        unsupported.AddIf(
            (gatewaysOnly && !kinds.Contains(FailureKind.GatewayError)) || !NoAnswer.All(kinds.Contains),
            "spec.countAsError",
            "Envoy counts ServerError or GatewayError, and with either ConnectFailure, Reset and Timeout");
        unsupported.AddIf(gatewaysOnly && ejection.FailurePercent is not null, "spec.countAsError", "the share of errors is counted of every 5xx");
        return gatewaysOnly;
    }
}

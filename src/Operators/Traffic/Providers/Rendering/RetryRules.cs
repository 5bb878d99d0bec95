using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>What a policy means where it leaves retries open, and how Envoy says which failures are tried again.</summary>
internal static class RetryRules
{
    private static readonly string[] SafeMethods = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];
    private static readonly string[] AllMethods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
    private static readonly FailureKind[] Default = [FailureKind.GatewayError, FailureKind.ConnectFailure, FailureKind.Reset];

    /// <summary>Failures after which a request is tried again.</summary>
    public static IReadOnlyList<FailureKind> ConditionsOf(TrafficRetries retries) => retries.Conditions.Count > 0 ? retries.Conditions : Default;

    /// <summary>Methods that may be repeated.</summary>
    public static IReadOnlyList<string> MethodsOf(TrafficRetries retries) => retries.Methods.Count > 0 ? retries.Methods : SafeMethods;

    /// <summary>True when every method may be repeated, also those that do something each time.</summary>
    public static bool RepeatsAll(TrafficRetries retries) => AllMethods.All(MethodsOf(retries).Contains);

    /// <summary>
    /// Envoy's names. It has one trigger, <c>reset</c>, for connections that break and for tries that take too long.
    /// </summary>
    public static IReadOnlyList<string> EnvoyTriggers(IEnumerable<FailureKind> conditions) =>
    [
        .. conditions.Select(static kind => kind switch
        {
            FailureKind.ServerError => "5xx",
            FailureKind.GatewayError => "gateway-error",
            FailureKind.ConnectFailure => "connect-failure",
            _ => "reset",
        }).Distinct(),
    ];

    /// <summary>Reports what Envoy's triggers blur, where somebody asked for it by name.</summary>
    public static void ReportBlurred(TrafficRetries retries, UnsupportedSettings unsupported) => unsupported.AddIf(
        retries.Conditions.Contains(FailureKind.Reset) != retries.Conditions.Contains(FailureKind.Timeout),
        "spec.retries.conditions",
        "Envoy has one trigger for Reset and Timeout: both are tried again");
}

using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>
/// What a circuit comes to in data planes that have none for a whole service, and leave out single instances that fail: each instance has a circuit of
/// its own, and all of them may be open. Where a policy also asks for ejection, that is what is rendered.
/// </summary>
internal sealed record InstanceEjection
{
    /// <summary>Errors in a row; null when they don't count.</summary>
    public int? ConsecutiveErrors { get; init; }

    /// <summary>Per cent of errors; null when it does not count.</summary>
    public int? FailurePercent { get; init; }

    /// <summary>How often instances are looked at; null for the data plane's default.</summary>
    public string? Interval { get; init; }

    /// <summary>How long an ejection lasts.</summary>
    public required string BaseTime { get; init; }

    /// <summary>Per cent of the instances that may be left out.</summary>
    public required int MaxPercent { get; init; }

    /// <summary>What a policy comes to; null for nothing.</summary>
    /// <param name="circuit">The policy.</param>
    /// <param name="countsRates">Whether the data plane can count the share of errors.</param>
    /// <param name="unsupported">Takes what is lost.</param>
    public static InstanceEjection? Of(CircuitPolicySpec circuit, bool countsRates, UnsupportedSettings unsupported)
    {
        ReportMissing(circuit, countsRates, unsupported);
        var rate = countsRates ? circuit.FailureRate : null;
        if (circuit.Ejection is { } ejection)
        {
            ReportBesideEjection(circuit, unsupported);
            return new()
            {
                ConsecutiveErrors = ejection.ConsecutiveErrors,
                FailurePercent = rate?.Percent,
                Interval = ejection.Interval,
                BaseTime = ejection.BaseTime,
                MaxPercent = ejection.MaxPercent,
            };
        }

        var errors = circuit.ConsecutiveErrors ?? (circuit.FailureRate is null && Breaks(circuit) ? 5 : null);
        if (errors is null && rate is null)
        {
            const string NeverOpen = "nothing opens the circuit here: spec.failureRate is not supported, and spec.consecutiveErrors is not set";
            unsupported.AddIf(circuit.OpenFor is not null, "spec.openFor", NeverOpen);
            unsupported.AddIf(circuit.CountAsError is not null, "spec.countAsError", NeverOpen);
            return null;
        }

        return new() { ConsecutiveErrors = errors, FailurePercent = rate?.Percent, Interval = rate?.Window, BaseTime = circuit.OpenFor ?? "30s", MaxPercent = 100 };
    }

    private static bool Breaks(CircuitPolicySpec circuit) => circuit.OpenFor is not null || circuit.HalfOpen is not null || circuit.Fallback is not null || circuit.CountAsError is not null;

    private static void ReportMissing(CircuitPolicySpec circuit, bool countsRates, UnsupportedSettings unsupported)
    {
        unsupported.AddIf(circuit.FailureRate is not null && !countsRates, "spec.failureRate", "errors in a row alone are counted");
        unsupported.AddIf(circuit.HalfOpen is not null, "spec.halfOpen", "an instance gets all its requests back when its ejection ends");
        unsupported.AddIf(circuit.Fallback is not null, "spec.fallback", "nothing answers in the place of a service; callers get 503");
        unsupported.AddIf(circuit.Force is not null, "spec.force", "there is no circuit that people could set");
    }

    private static void ReportBesideEjection(CircuitPolicySpec circuit, UnsupportedSettings unsupported)
    {
        const string Beside = "single instances are left out as spec.ejection says; there is no circuit for the whole service beside that";
        unsupported.AddIf(circuit.ConsecutiveErrors is not null, "spec.consecutiveErrors", Beside);
        unsupported.AddIf(circuit.OpenFor is not null, "spec.openFor", Beside);
        unsupported.AddIf(circuit.FailureRate is not null, "spec.failureRate.window", "the share of errors is counted over spec.ejection.interval");
    }
}

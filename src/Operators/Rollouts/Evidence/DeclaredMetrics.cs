using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>What a declaration asks for, with what holds where it says nothing.</summary>
internal static class DeclaredMetrics
{
    private static readonly RolloutMetric[] BuiltIn = [new() { Name = "success-rate", Type = RolloutMetricType.SuccessRate }];

    /// <summary>The metrics of an analysis.</summary>
    public static IReadOnlyList<RolloutMetric> Of(RolloutAnalysis analysis) => analysis.Metrics.Count > 0 ? analysis.Metrics : BuiltIn;

    /// <summary>What a metric counts, for people; the same words mean the same counts.</summary>
    public static string QuestionOf(RolloutMetric metric)
    {
        var of = metric.Route is { } route ? $" of route {route}" : "";
        return metric.Type switch
        {
            RolloutMetricType.Latency when LatencyOf(metric) is { Bar: { } bar } => $"requests{of} that took longer than {bar}",
            RolloutMetricType.Latency => $"requests{of} that took longer than the stable version's {LatencyOf(metric).Quantile} before",
            _ => $"requests{of} that failed",
        };
    }

    /// <summary>What is asked of the comparison by a metric.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="metric">A metric of it.</param>
    /// <param name="comparisons">
    /// Comparisons that can fail the canary: each has its part of the false alarms (C. E. Bonferroni 1936), so that all together keep the rate. Of false passes each may
    /// have the whole, as all must pass.
    /// </param>
    public static ComparisonOptions OptionsOf(RolloutAnalysis analysis, RolloutMetric metric, int comparisons)
    {
        var (tolerance, margin) = DefaultsOf(metric);
        return new()
        {
            Tolerance = KubePercentage.Parse(metric.Tolerance) ?? tolerance,
            Margin = KubePercentage.Parse(metric.Margin) ?? margin,
            FalseAlarms = (KubePercentage.Parse(analysis.FalseAlarms) ?? 0.05) / Math.Max(1, comparisons),
            FalsePasses = KubePercentage.Parse(analysis.FalsePasses) ?? 0.05,
        };
    }

    /// <summary>The latency that a metric asks for.</summary>
    public static RolloutLatency LatencyOf(RolloutMetric metric) => metric.Latency ?? new();

    /// <summary>The share of requests that are slower than a quantile, such as 0.01 for p99.</summary>
    public static double TailOf(RolloutLatency latency) => latency.Quantile switch { "p50" => 0.5, "p90" => 0.1, "p95" => 0.05, _ => 0.01 };

    /// <summary>No two versions are quite the same: a tenth of a per cent of failures, and as for latency, what new processes lack in warmth.</summary>
    private static (double Tolerance, double Margin) DefaultsOf(RolloutMetric metric) => metric.Type != RolloutMetricType.Latency ? (0.001, 0.01) : LatencyOf(metric).Quantile switch
    {
        "p50" => (0.05, 0.15),
        "p90" => (0.03, 0.08),
        "p95" => (0.02, 0.06),
        _ => (0.01, 0.03),
    };
}

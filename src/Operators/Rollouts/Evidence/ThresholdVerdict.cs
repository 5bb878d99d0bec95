using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>What a fixed limit of the canary's own requests comes to. It has no stated rate of errors.</summary>
internal static class ThresholdVerdict
{
    /// <summary>What is just at the limit is within it, whatever binary fractions make of a per cent.</summary>
    private const double Rounding = 1e-9;

    /// <summary>So many looks in a row beyond the limit fail; a last look within it passes once there are requests enough, and as many looks as could have failed.</summary>
    public static (RolloutVerdict Verdict, string Message) Of(RolloutMetric metric, RolloutThreshold threshold, IReadOnlyList<IntervalCounts> intervals, int minimumRequests)
    {
        var most = MostBad(metric, threshold);
        var (inARow, looks, requests) = (0, 0, 0L);
        var last = default(IntervalCounts);
        foreach (var counts in intervals.Where(static counts => counts.CanaryTotal > 0))
        {
            (last, looks, requests) = (counts, looks + 1, requests + counts.CanaryTotal);
            inARow = (double)counts.CanaryBad / counts.CanaryTotal > most ? inARow + 1 : 0;
            if (inARow >= threshold.FailedLooks && requests >= minimumRequests)
            {
                return (RolloutVerdict.Fail, $"{Look(last)}, {Percent(most)} may be; {threshold.FailedLooks} looks in a row failed");
            }
        }

        return requests < minimumRequests
                ? (RolloutVerdict.NotEnoughData, string.Create(CultureInfo.InvariantCulture, $"{requests:N0} of {minimumRequests:N0} requests of the canary that are needed to decide"))
            : inARow > 0 ? (RolloutVerdict.NotEnoughData, $"{Look(last)}, {Percent(most)} may be; {inARow} of {threshold.FailedLooks} looks in a row failed")
            : looks < threshold.FailedLooks ? (RolloutVerdict.NotEnoughData, $"{looks} of {threshold.FailedLooks} looks")
            : (RolloutVerdict.Pass, $"{Look(last)}, {Percent(most)} may be");
    }

    /// <summary>The share of requests that may be bad: what a success rate leaves, or what a quantile does.</summary>
    private static double MostBad(RolloutMetric metric, RolloutThreshold threshold) =>
        metric.Type == RolloutMetricType.Latency ? DeclaredMetrics.TailOf(DeclaredMetrics.LatencyOf(metric)) : 1 - (KubePercentage.Parse(threshold.Min) ?? 0) + Rounding;

    private static string Look(IntervalCounts counts) => string.Create(
        CultureInfo.InvariantCulture, $"{counts.CanaryBad:N0} of {counts.CanaryTotal:N0} requests of the canary in the last look ({Percent((double)counts.CanaryBad / counts.CanaryTotal)})");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");
}

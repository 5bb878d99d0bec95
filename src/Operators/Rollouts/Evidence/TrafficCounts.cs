using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;

namespace Operators.Rollouts.Evidence;

/// <summary>The requests of an interval, counted by a metric's question.</summary>
internal static class TrafficCounts
{
    private const double Nano = 1e-9;

    /// <summary>Counts what stable and canary did.</summary>
    /// <param name="metric">Success rate or latency.</param>
    /// <param name="ns">Namespace of the rollout, for routes that name none.</param>
    /// <param name="bar">What is slow, in nanoseconds; null while that is not known: then nothing can be counted.</param>
    /// <param name="series">The requests to a service.</param>
    public static IntervalCounts Of(RolloutMetric metric, string ns, long? bar, IReadOnlyList<TrafficSeries> series)
    {
        if (metric.Type == RolloutMetricType.Latency && bar is null)
        {
            return default;
        }

        var ((stableBad, stable), (canaryBad, canary)) = (Side(Tracks.Stable), Side(Tracks.Canary));
        return new(stableBad, stable, canaryBad, canary);

        (long Bad, long Total) Side(string track)
        {
            var (bad, total) = (0d, 0d);
            foreach (var one in Narrowed(metric, ns, series).Where(one => one.Flow.Track == track))
            {
                bad += metric.Type == RolloutMetricType.Latency ? one.Latency.Total - one.Latency.AtMost(bar!.Value * Nano) : one.Counts.Errors;
                total += metric.Type == RolloutMetricType.Latency ? one.Latency.Total : one.Counts.Total - one.Counts.CalledOff; // who went away knows of no failure
            }

            var all = (long)Math.Round(total); // counters of Prometheus come to estimates
            return (Math.Clamp((long)Math.Round(bad), 0, all), all);
        }
    }

    /// <summary>True when slow is what is slower than the stable version.</summary>
    public static bool IsRelative(RolloutMetric metric) => metric.Type == RolloutMetricType.Latency && DeclaredMetrics.LatencyOf(metric).Bar is null;

    /// <summary>What a declaration says is slow, in nanoseconds; null when it says nothing of that.</summary>
    public static long? FixedBarOf(RolloutMetric metric) =>
        metric.Type == RolloutMetricType.Latency && KubeDuration.Parse(DeclaredMetrics.LatencyOf(metric).Bar) is { } bar ? (long)bar.TotalNanoseconds : null;

    /// <summary>
    /// What is slow from now on, in nanoseconds: the bound of the histogram beyond which the share of the stable version's requests is nearest to the quantile's, so that requests
    /// are counted by it and not estimated; null when there were none.
    /// </summary>
    /// <param name="metric">A latency that is relative to the stable version's.</param>
    /// <param name="ns">Namespace of the rollout.</param>
    /// <param name="series">Requests of the time before.</param>
    public static long? BarOf(RolloutMetric metric, string ns, IReadOnlyList<TrafficSeries> series)
    {
        var stable = Narrowed(metric, ns, series)
            .Where(static one => one.Flow.Track == Tracks.Stable)
            .Aggregate(LatencyHistogram.Empty, static (sum, one) => sum.With(one.Latency));
        var tail = DeclaredMetrics.TailOf(DeclaredMetrics.LatencyOf(metric));
        return stable.Bounds
            .Select(bound => (Bound: bound, Beyond: stable.Total > 0 ? 1 - (stable.AtMost(bound) / stable.Total) : 0))
            .Where(static at => at.Beyond > 0)
            .OrderBy(at => Math.Abs(Math.Log(at.Beyond / tail)))
            .Select(static at => (long?)Math.Round(at.Bound / Nano))
            .FirstOrDefault();
    }

    private static IEnumerable<TrafficSeries> Narrowed(RolloutMetric metric, string ns, IReadOnlyList<TrafficSeries> series)
    {
        var route = metric.Route is null || metric.Route.Contains('/', StringComparison.Ordinal) ? metric.Route : $"{ns}/{metric.Route}";
        return series.Where(one => route is null || one.Flow.Route == route);
    }
}

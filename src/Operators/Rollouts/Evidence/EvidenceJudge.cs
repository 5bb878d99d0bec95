using System.Globalization;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>
/// What the numbers of a status come to. Pure: the operator decides by it, a page draws by it, and an auditor who has the declaration and the status gets the same.
/// </summary>
public static class EvidenceJudge
{
    /// <summary>How likely a band that a page shows is ever wrong.</summary>
    private const double BandError = 0.05;

    /// <summary>Judges each metric, and all together: one that fails, fails the canary, and all must pass. What is a dry run decides nothing.</summary>
    public static RolloutEvidence Judge(RolloutAnalysis analysis, RolloutEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        List<MetricEvidence> metrics = [.. evidence.Metrics.Select(metric => Judge(analysis, evidence, metric))];
        List<MetricEvidence> deciding = [.. metrics.Where(static metric => !metric.DryRun)];
        var (verdict, message) =
            deciding.Find(static metric => metric.Verdict == RolloutVerdict.Fail) is { } failed ? (RolloutVerdict.Fail, Name(failed))
            : deciding.Find(static metric => metric.Problem is not null) is { } untold ? (RolloutVerdict.NotEnoughData, Name(untold))
            : deciding.Find(static metric => metric.Verdict == RolloutVerdict.NotEnoughData) is { } open ? (RolloutVerdict.NotEnoughData, Name(open))
            : deciding.Count > 0 ? (RolloutVerdict.Pass, string.Join("; ", deciding.Select(Name)))
            : (RolloutVerdict.NotEnoughData, "no metric decides: all are dry runs");
        return evidence with { Verdict = verdict, Message = message, Metrics = metrics };
    }

    /// <summary>How a comparison went, look by look.</summary>
    /// <returns>A point for the end of each interval; empty for a metric that counts no requests.</returns>
    public static IReadOnlyList<EvidencePoint> CourseOf(RolloutAnalysis analysis, RolloutEvidence evidence, MetricEvidence metric)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(metric);
        if (Declared(analysis, metric) is not { } declared)
        {
            return [];
        }

        var points = new List<EvidencePoint>(metric.Counts.Count);
        var comparison = SequentialComparison.Begin(DeclaredMetrics.OptionsOf(analysis, declared, Comparisons(analysis, evidence)));
        foreach (var (interval, text) in evidence.Intervals.Zip(metric.Counts))
        {
            var counts = IntervalCounts.Parse(text);
            comparison = comparison.After(counts);
            var seen = comparison.Seen;
            points.Add(new()
            {
                At = (evidence.Since ?? default) + TimeSpan.FromSeconds(interval.To),
                StableRequests = counts.StableTotal,
                CanaryRequests = counts.CanaryTotal,
                Stable = ShareBand.Of(seen.StableBad, seen.StableTotal, BandError),
                Canary = ShareBand.Of(seen.CanaryBad, seen.CanaryTotal, BandError),
                StableShare = Share(seen.StableBad, seen.StableTotal),
                CanaryShare = Share(seen.CanaryBad, seen.CanaryTotal),
                EvidenceOfWorse = comparison.EvidenceOfWorse,
                EvidenceOfWell = comparison.EvidenceOfWell,
            });
        }

        return points;
    }

    /// <summary>What the evidence of a comparison must come to: to fail the canary, and to pass it. Null for a metric that is held to a threshold.</summary>
    public static (double Worse, double Well)? NeededBy(RolloutAnalysis analysis, RolloutEvidence evidence, MetricEvidence metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Declared(analysis, metric) is { Threshold: null } declared
            && DeclaredMetrics.OptionsOf(analysis, declared, Comparisons(analysis, evidence)) is var options ? (1 / options.FalseAlarms, 1 / options.FalsePasses) : null;
    }

    private static MetricEvidence Judge(RolloutAnalysis analysis, RolloutEvidence evidence, MetricEvidence metric)
    {
        if (Declared(analysis, metric) is not { } declared)
        {
            return metric;
        }

        IReadOnlyList<IntervalCounts> counts = [.. metric.Counts.Select(IntervalCounts.Parse)];
        var (verdict, message) = declared.Threshold is { } threshold
            ? ThresholdVerdict.Of(declared, threshold, counts, analysis.MinimumRequests)
            : SequentialVerdict.Of(DeclaredMetrics.OptionsOf(analysis, declared, Comparisons(analysis, evidence)), counts, analysis.MinimumRequests);
        return metric with
        {
            Verdict = metric.Problem is not null && verdict == RolloutVerdict.Pass ? RolloutVerdict.NotEnoughData : verdict,
            Message = metric.Problem is not null && verdict != RolloutVerdict.Fail ? $"spec.analysis.metrics[{metric.Name}]: {metric.Problem}" : message,
        };
    }

    /// <summary>Comparisons that can fail the canary.</summary>
    private static int Comparisons(RolloutAnalysis analysis, RolloutEvidence evidence) =>
        evidence.Metrics.Count(metric => !metric.DryRun && Declared(analysis, metric) is { Threshold: null });

    private static RolloutMetric? Declared(RolloutAnalysis analysis, MetricEvidence metric) =>
        DeclaredMetrics.Of(analysis).FirstOrDefault(declared => declared.Name == metric.Name);

    private static string Name(MetricEvidence metric) => metric.Message.StartsWith("spec.", StringComparison.Ordinal) ? metric.Message : $"{metric.Service}, {metric.Name}: {metric.Message}";

    private static double? Share(long bad, long total) => total > 0 ? (double)bad / total : null;
}

/// <summary>A comparison at the end of an interval.</summary>
public sealed record EvidencePoint
{
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Requests of the stable version in the interval.</summary>
    public required long StableRequests { get; init; }

    /// <summary>Requests of the canary in the interval.</summary>
    public required long CanaryRequests { get; init; }

    /// <summary>Share of the stable version's requests that are bad, of all until then, from 0 to 1; null before the first.</summary>
    public required double? StableShare { get; init; }

    /// <summary>The same of the canary.</summary>
    public required double? CanaryShare { get; init; }

    /// <summary>Between which shares the stable version's lies: the chance that it is ever outside is at most 5 %.</summary>
    public required ShareBand Stable { get; init; }

    /// <summary>The same of the canary.</summary>
    public required ShareBand Canary { get; init; }

    /// <summary>Evidence that the canary is worse than tolerated: 1 says nothing.</summary>
    public required double EvidenceOfWorse { get; init; }

    /// <summary>Evidence that the canary is less than the margin worse.</summary>
    public required double EvidenceOfWell { get; init; }
}

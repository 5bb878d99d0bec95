using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace ControlPlane.Api.Rollouts;

/// <summary>How the comparison of canary and stable version by one metric of one service went.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Service">Name of the ManagedService.</param>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Message">Why, in a sentence with the numbers.</param>
/// <param name="DryRun">It decides nothing.</param>
/// <param name="Moments">What was known at the end of each interval; empty for a metric that counts no requests.</param>
/// <param name="NeededForWorse">What the evidence of worse must come to to fail the canary; null for a metric that is held to a threshold.</param>
/// <param name="NeededForWell">What the evidence of well must come to to pass it; null likewise.</param>
public sealed record EvidenceCourse(
    string Metric, string Service, RolloutVerdict Verdict, string Message, bool DryRun, IReadOnlyList<EvidenceMoment> Moments, double? NeededForWorse, double? NeededForWell)
{
    /// <summary>The courses of all metrics of a rollout, as anybody can recompute them from what the status keeps.</summary>
    public static IReadOnlyList<EvidenceCourse> Of(CanaryRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        if (rollout.Status?.Evidence is not { } evidence)
        {
            return [];
        }

        var analysis = rollout.Spec.Analysis;
        return
        [
            .. evidence.Metrics.Select(metric =>
            {
                var needed = EvidenceJudge.NeededBy(analysis, evidence, metric);
                return new EvidenceCourse(
                    metric.Name,
                    metric.Service,
                    metric.Verdict,
                    metric.Message,
                    metric.DryRun,
                    [.. EvidenceJudge.CourseOf(analysis, evidence, metric).Select(Of)],
                    needed?.Worse,
                    needed?.Well);
            }),
        ];
    }

    private static EvidenceMoment Of(EvidencePoint point) => new(
        point.At,
        new(point.StableRequests, point.StableShare, point.Stable.Low, point.Stable.High),
        new(point.CanaryRequests, point.CanaryShare, point.Canary.Low, point.Canary.High),
        point.EvidenceOfWorse,
        point.EvidenceOfWell);
}

/// <summary>What was known at the end of an interval.</summary>
/// <param name="At">Its end (UTC).</param>
/// <param name="Stable">Of the stable version.</param>
/// <param name="Canary">Of the canary.</param>
/// <param name="EvidenceOfWorse">Evidence that the canary is worse than is tolerated: 1 says nothing.</param>
/// <param name="EvidenceOfWell">Evidence that it is less than the margin worse.</param>
public sealed record EvidenceMoment(DateTimeOffset At, EvidenceSide Stable, EvidenceSide Canary, double EvidenceOfWorse, double EvidenceOfWell);

/// <summary>One side of a comparison.</summary>
/// <param name="Requests">Requests in the interval.</param>
/// <param name="Share">Share of bad ones of all until then, from 0 to 1; null before the first.</param>
/// <param name="Low">Below this the true share is not, but for a chance of 5 % over all looks.</param>
/// <param name="High">Above this it is not, likewise.</param>
public sealed record EvidenceSide(long Requests, double? Share, double Low, double High);

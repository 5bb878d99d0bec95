using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Operators.Metrics;

namespace Operators.Rollouts.Evidence;

/// <summary>
/// Gathers the evidence on a canary, look by look. It keeps nothing: what was counted so far is in <c>status.evidence</c>, so it may be ended at any line, and a look that
/// comes late counts the whole time since the last one as one interval.
/// </summary>
/// <param name="metrics">Where traffic is measured.</param>
/// <param name="time">Clock.</param>
public sealed class RolloutAnalyst(IMetricsProvider metrics, TimeProvider time)
{
    /// <summary>Requests of the last moments may not be counted by every source yet; they belong to the next interval.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>How far before an interval the stable version is looked at to say what is usual.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(10);

    /// <summary>Longest time over which a split is looked at: what a data plane took a while to take up is forgotten after it.</summary>
    private static readonly TimeSpan ObservedTime = TimeSpan.FromMinutes(2);

    /// <summary>When (UTC) the next look is due; one before that only returns what is known.</summary>
    public static DateTimeOffset DueAt(AnalysisSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var evidence = Begun(subject);
        var counted = Counted(evidence);
        var length = IntervalSchedule.Next(
            KubeDuration.Parse(subject.Rollout.Spec.Analysis.Interval) ?? TimeSpan.FromSeconds(30),
            counted - evidence.Since!.Value,
            evidence.Intervals.Count,
            DeclaredMetrics.Of(subject.Rollout.Spec.Analysis).Count * subject.Members.Count);
        return length < DateTimeOffset.MaxValue - counted - Settling ? counted + length + Settling : DateTimeOffset.MaxValue;
    }

    /// <summary>What is known of a canary now. It never throws for a source that is away or can't tell: the evidence says so.</summary>
    /// <returns>The evidence to keep in the status; the same as before when no look is due.</returns>
    public async Task<RolloutEvidence> LookAsync(AnalysisSubject subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var (now, evidence) = (time.GetUtcNow(), Begun(subject));
        if (now < DueAt(subject))
        {
            return evidence;
        }

        try
        {
            return (await CountAsync(subject, Asked(subject, evidence), Floor(now - Settling), cancellationToken)) with { AwaySince = null };
        }
        catch (MetricsException e) when (e.IsPassing)
        {
            return evidence with { AwaySince = evidence.AwaySince ?? now };
        }
        catch (MetricsException e)
        {
            // Only people can help: the evidence stays, and is no reason to go on.
            return evidence with { AwaySince = null, Verdict = evidence.Verdict == RolloutVerdict.Fail ? RolloutVerdict.Fail : RolloutVerdict.NotEnoughData, Message = e.Message };
        }
    }

    /// <summary>
    /// Where requests went since the weight is what it is, or in the last minutes, when that was long ago. Of a group it is the member whose traffic fits the weight
    /// worst: when that one shows it, all do.
    /// </summary>
    /// <returns>Null when it can't be told now, or too early.</returns>
    public async Task<ObservedTraffic?> ObserveAsync(AnalysisSubject subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var (status, now) = (subject.Rollout.Status ?? new(), time.GetUtcNow());
        if (status.WeightSince is not { } weightSince)
        {
            return null;
        }

        // A slice of time that was half over when the weight was set says nothing of it.
        var from = Known(Latest(weightSince + Settling, now - ObservedTime), now);
        if (from >= now)
        {
            return null;
        }

        try
        {
            var seen = new List<ObservedTraffic>(subject.Members.Count);
            foreach (var member in subject.Members)
            {
                var reading = await metrics.ReadAsync(new TrafficQuestion(from, now) { Service = member.Front }, cancellationToken);
                var (canary, stable) = (Requests(reading, Tracks.Canary), Requests(reading, Tracks.Stable));
                seen.Add(new() { Canary = canary, Total = canary + stable, AsOf = now });
            }

            return seen.MaxBy(traffic => SplitFit.Distance(traffic, status.Weight));
        }
        catch (MetricsException)
        {
            return null;
        }
    }

    private async Task<RolloutEvidence> CountAsync(AnalysisSubject subject, RolloutEvidence evidence, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (evidence.Intervals.Count == 0)
        {
            evidence = await LookBackAsync(subject, evidence, cancellationToken);
        }

        var readings = new Dictionary<string, TrafficReading>(StringComparer.Ordinal);
        var from = Known(Counted(evidence), time.GetUtcNow());
        foreach (var member in subject.Members)
        {
            readings[member.Service.Metadata.Name] = await metrics.ReadAsync(new TrafficQuestion(from, to) { Service = member.Front }, cancellationToken);
        }

        // Sources count by slices of time: an interval ends where they say, so that the next one begins with another slice.
        var end = Ceiling(readings.Values.Max(static reading => reading.To));
        var counted = Counts(subject, evidence, readings);
        if (end <= from || readings.Values.All(static reading => Requests(reading, Tracks.Canary) == 0))
        {
            return EvidenceJudge.Judge(subject.Rollout.Spec.Analysis, evidence); // the next interval begins where this one would have
        }

        var since = evidence.Since!.Value;
        var next = Appended(evidence, new() { From = Seconds(from - since), To = Seconds(end - since) }, counted);
        next = await SetBarsAsync(subject, next, end, cancellationToken);
        return EvidenceJudge.Judge(subject.Rollout.Spec.Analysis, next with { AsOf = end });
    }

    /// <summary>What the stable version did before: so that the canary's first requests count already.</summary>
    private async Task<RolloutEvidence> LookBackAsync(AnalysisSubject subject, RolloutEvidence evidence, CancellationToken cancellationToken)
    {
        var since = evidence.Since!.Value;
        var from = Known(since - Before, time.GetUtcNow());
        if (from >= since)
        {
            return evidence;
        }

        var readings = new Dictionary<string, TrafficReading>(StringComparer.Ordinal);
        foreach (var member in subject.Members)
        {
            readings[member.Service.Metadata.Name] = await metrics.ReadAsync(new TrafficQuestion(from, since) { Service = member.Front, Track = Tracks.Stable }, cancellationToken);
        }

        evidence = WithBars(subject, evidence, readings);
        List<IntervalCounts> counted = [.. Counts(subject, evidence, readings).Select(static counts => counts with { CanaryBad = 0, CanaryTotal = 0 })];
        return counted.Any(static counts => counts.StableTotal > 0)
            ? Appended(evidence, new() { From = Seconds(from - since), To = 0 }, counted)
            : evidence;
    }

    private async Task<RolloutEvidence> SetBarsAsync(AnalysisSubject subject, RolloutEvidence evidence, DateTimeOffset end, CancellationToken cancellationToken)
    {
        if (!DeclaredMetrics.Of(subject.Rollout.Spec.Analysis).Any(TrafficCounts.IsRelative))
        {
            return evidence;
        }

        var readings = new Dictionary<string, TrafficReading>(StringComparer.Ordinal);
        foreach (var member in subject.Members)
        {
            readings[member.Service.Metadata.Name] = await metrics.ReadAsync(
                new TrafficQuestion(Known(end - Before, time.GetUtcNow()), end) { Service = member.Front, Track = Tracks.Stable }, cancellationToken);
        }

        return WithBars(subject, evidence, readings);
    }

    private static RolloutEvidence WithBars(AnalysisSubject subject, RolloutEvidence evidence, Dictionary<string, TrafficReading> readings) => evidence with
    {
        Metrics =
        [
            .. evidence.Metrics.Select(metric => DeclaredOf(subject, metric) is { } declared && TrafficCounts.IsRelative(declared)
                ? metric with { BarNanoseconds = TrafficCounts.BarOf(declared, subject.Rollout.Metadata.Namespace, readings[metric.Service].Series) ?? metric.BarNanoseconds }
                : metric),
        ],
    };

    private static List<IntervalCounts> Counts(AnalysisSubject subject, RolloutEvidence evidence, Dictionary<string, TrafficReading> readings) =>
        [.. evidence.Metrics.Select(metric => TrafficCounts.Of(DeclaredOf(subject, metric)!, subject.Rollout.Metadata.Namespace, metric.BarNanoseconds, readings[metric.Service].Series))];

    private static RolloutEvidence Appended(RolloutEvidence evidence, EvidenceInterval interval, IReadOnlyList<IntervalCounts> counted) => evidence with
    {
        Intervals = [.. evidence.Intervals, interval],
        Metrics = [.. evidence.Metrics.Zip(counted, static (metric, counts) => metric with { Counts = [.. metric.Counts, counts.ToString()] })],
    };

    /// <summary>The evidence so far; that of another canary says nothing of this one.</summary>
    private static RolloutEvidence Begun(AnalysisSubject subject) =>
        subject.Rollout.Status?.Evidence is { Since: { } since } evidence && evidence.Revision == subject.Revision && Ceiling(subject.Since) <= (evidence.AsOf ?? since)
            ? evidence
            : new() { Revision = subject.Revision, Since = Ceiling(subject.Since), Message = "no requests were compared yet" };

    /// <summary>The evidence with a place for each metric of each service that is declared now, and no other. A new one has nothing of the intervals before.</summary>
    private static RolloutEvidence Asked(AnalysisSubject subject, RolloutEvidence evidence)
    {
        var kept = evidence.Metrics.ToDictionary(static metric => (metric.Name, metric.Service, metric.Question));
        return evidence with
        {
            Metrics =
            [
                .. from metric in DeclaredMetrics.Of(subject.Rollout.Spec.Analysis)
                   from member in subject.Members
                   let question = DeclaredMetrics.QuestionOf(metric)
                   let service = member.Service.Metadata.Name
                   select (kept.GetValueOrDefault((metric.Name, service, question))
                       ?? new() { Name = metric.Name, Service = service, Question = question, Counts = [.. evidence.Intervals.Select(static _ => default(IntervalCounts).ToString())], BarNanoseconds = TrafficCounts.FixedBarOf(metric) })
                       with { DryRun = metric.DryRun },
            ],
        };
    }

    private static RolloutMetric? DeclaredOf(AnalysisSubject subject, MetricEvidence metric) =>
        DeclaredMetrics.Of(subject.Rollout.Spec.Analysis).FirstOrDefault(declared => declared.Name == metric.Name);

    private static long Requests(TrafficReading reading, string track) =>
        (long)Math.Round(reading.Series.Where(series => series.Flow.Track == track).Sum(static series => series.Counts.Total));

    private static DateTimeOffset Counted(RolloutEvidence evidence) => evidence.AsOf ?? evidence.Since!.Value;

    /// <summary>A time that the source still knows.</summary>
    private DateTimeOffset Known(DateTimeOffset wanted, DateTimeOffset now) => Ceiling(Latest(wanted, now - metrics.Retention));

    private static DateTimeOffset Latest(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static int Seconds(TimeSpan time) => (int)Math.Clamp(time.TotalSeconds, int.MinValue, int.MaxValue);

    /// <summary>Status keeps whole seconds. Upwards: a slice of time whose beginning is asked for is counted whole, and that must be a new one.</summary>
    private static DateTimeOffset Ceiling(DateTimeOffset at) => Floor(at + TimeSpan.FromTicks(TimeSpan.TicksPerSecond - 1));

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

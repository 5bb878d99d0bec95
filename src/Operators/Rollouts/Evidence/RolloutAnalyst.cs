using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Operators.Metrics;
using Operators.Rollouts.Evidence.Sources;

namespace Operators.Rollouts.Evidence;

/// <summary>
/// Gathers the evidence on a canary, look by look. It keeps nothing: what was counted so far is in <c>status.evidence</c>, so it may be ended at any line, and a look that
/// comes late counts the whole time since the last one as one interval.
/// </summary>
public sealed class RolloutAnalyst
{
    /// <summary>Requests of the last moments may not be counted by every source yet; they belong to the next interval.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>How far before an interval the stable version is looked at to say what is usual.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(10);

    /// <summary>Longest time over which a split is looked at: what a data plane took a while to take up is forgotten after it.</summary>
    private static readonly TimeSpan ObservedTime = TimeSpan.FromMinutes(2);

    private readonly IMetricsProvider _metrics;
    private readonly Dictionary<RolloutMetricType, IEvidenceSource> _sources;
    private readonly TimeProvider _time;

    /// <param name="metrics">Where traffic is measured.</param>
    /// <param name="sources">Where all else is.</param>
    /// <param name="time">Clock.</param>
    internal RolloutAnalyst(IMetricsProvider metrics, IEnumerable<IEvidenceSource> sources, TimeProvider time) =>
        (_metrics, _sources, _time) = (metrics, sources.ToDictionary(static source => source.Type), time);

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
        var (now, evidence) = (_time.GetUtcNow(), Begun(subject));
        if (now < DueAt(subject))
        {
            return evidence;
        }

        try
        {
            var (found, isAway) = await CountAsync(subject, Asked(subject, evidence), Floor(now - Settling), cancellationToken);
            return found with { AwaySince = isAway ? evidence.AwaySince ?? now : null };
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
        var (status, now) = (subject.Rollout.Status ?? new(), _time.GetUtcNow());
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
                var reading = await _metrics.ReadAsync(new TrafficQuestion(from, now) { Service = member.Front }, cancellationToken);
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

    private async Task<(RolloutEvidence Evidence, bool IsAway)> CountAsync(AnalysisSubject subject, RolloutEvidence evidence, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (evidence.Intervals.Count == 0)
        {
            evidence = await LookBackAsync(subject, evidence, cancellationToken);
        }

        var from = Known(Counted(evidence), _time.GetUtcNow());
        var asksTraffic = DeclaredMetrics.Of(subject.Rollout.Spec.Analysis).Any(DeclaredMetrics.IsTraffic);
        var readings = asksTraffic ? await ReadAsync(subject, from, to, track: null, cancellationToken) : [];

        // Data planes count by slices of time: an interval ends where they say, so that the next one begins with another slice.
        var end = asksTraffic ? Ceiling(readings.Values.Max(static reading => reading.To)) : to;
        if (end <= from)
        {
            return (EvidenceJudge.Judge(subject.Rollout.Spec.Analysis, evidence), IsAway: false);
        }

        evidence = Traffic(subject, evidence, readings);
        (evidence, var isAway) = await AskSourcesAsync(subject, evidence, from, end, cancellationToken);
        if (readings.Values.All(static reading => Requests(reading, Tracks.Canary) == 0) && !evidence.Metrics.Any(SaysSomething))
        {
            evidence = WithoutLast(evidence); // nothing was said of this time: the next interval begins where this one would have
        }
        else
        {
            var since = evidence.Since!.Value;
            evidence = evidence with { AsOf = end, Intervals = [.. evidence.Intervals, new() { From = Seconds(from - since), To = Seconds(end - since) }] };
            evidence = await SetBarsAsync(subject, evidence, end, cancellationToken);
        }

        return (EvidenceJudge.Judge(subject.Rollout.Spec.Analysis, evidence), isAway);
    }

    /// <summary>What the stable version did before: so that the canary's first requests count already.</summary>
    private async Task<RolloutEvidence> LookBackAsync(AnalysisSubject subject, RolloutEvidence evidence, CancellationToken cancellationToken)
    {
        var since = evidence.Since!.Value;
        var from = Known(since - Before, _time.GetUtcNow());
        if (from >= since || !DeclaredMetrics.Of(subject.Rollout.Spec.Analysis).Any(DeclaredMetrics.IsTraffic))
        {
            return evidence;
        }

        var readings = await ReadAsync(subject, from, since, Tracks.Stable, cancellationToken);
        return readings.Values.All(static reading => Requests(reading, Tracks.Stable) == 0)
            ? evidence
            : Traffic(subject, WithBars(subject, evidence, readings), readings) with { Intervals = [new() { From = Seconds(from - since), To = 0 }] };
    }

    private async Task<RolloutEvidence> SetBarsAsync(AnalysisSubject subject, RolloutEvidence evidence, DateTimeOffset end, CancellationToken cancellationToken) =>
        DeclaredMetrics.Of(subject.Rollout.Spec.Analysis).Any(TrafficCounts.IsRelative)
            ? WithBars(subject, evidence, await ReadAsync(subject, Known(end - Before, _time.GetUtcNow()), end, Tracks.Stable, cancellationToken))
            : evidence;

    private async Task<Dictionary<string, TrafficReading>> ReadAsync(AnalysisSubject subject, DateTimeOffset from, DateTimeOffset to, string? track, CancellationToken cancellationToken)
    {
        var readings = new Dictionary<string, TrafficReading>(StringComparer.Ordinal);
        foreach (var member in subject.Members)
        {
            readings[member.Service.Metadata.Name] = await _metrics.ReadAsync(new TrafficQuestion(from, to) { Service = member.Front, Track = track }, cancellationToken);
        }

        return readings;
    }

    private static RolloutEvidence WithBars(AnalysisSubject subject, RolloutEvidence evidence, Dictionary<string, TrafficReading> readings) => evidence with
    {
        Metrics =
        [
            .. evidence.Metrics.Select(metric => DeclaredOf(subject, metric) is var declared && TrafficCounts.IsRelative(declared)
                ? metric with { BarNanoseconds = TrafficCounts.BarOf(declared, subject.Rollout.Metadata.Namespace, readings[metric.Service].Series) ?? metric.BarNanoseconds }
                : metric),
        ],
    };

    /// <summary>The evidence with one more count of each metric: of requests where it counts those, else of nothing.</summary>
    private static RolloutEvidence Traffic(AnalysisSubject subject, RolloutEvidence evidence, Dictionary<string, TrafficReading> readings) => evidence with
    {
        Metrics =
        [
            .. evidence.Metrics.Select(metric => DeclaredOf(subject, metric) switch
            {
                var declared when DeclaredMetrics.IsTraffic(declared) => With(
                    metric, new() { Counts = TrafficCounts.Of(declared, subject.Rollout.Metadata.Namespace, metric.BarNanoseconds, readings[metric.Service].Series) }, isCounted: true),
                var declared => With(metric, SourceFinding.Nothing, DeclaredMetrics.IsCounted(declared)),
            }),
        ],
    };

    private static MetricEvidence With(MetricEvidence metric, SourceFinding finding, bool isCounted) => metric with
    {
        Counts = isCounted ? [.. metric.Counts, finding.Counts.ToString()] : [],
        Values = isCounted ? [] : [.. metric.Values, finding.Value],
        Detail = finding.Detail ?? metric.Detail,
    };

    private static RolloutEvidence WithoutLast(RolloutEvidence evidence) => evidence with
    {
        Metrics = [.. evidence.Metrics.Select(metric => metric with { Counts = [.. metric.Counts.Take(evidence.Intervals.Count)], Values = [.. metric.Values.Take(evidence.Intervals.Count)] })],
    };

    /// <summary>Puts in what sources say that the data plane does not count. One that is away keeps none of the others from speaking.</summary>
    private async Task<(RolloutEvidence Evidence, bool IsAway)> AskSourcesAsync(AnalysisSubject subject, RolloutEvidence evidence, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (metrics, isAway) = (new List<MetricEvidence>(evidence.Metrics.Count), false);
        foreach (var metric in evidence.Metrics)
        {
            var declared = DeclaredOf(subject, metric);
            if (!_sources.TryGetValue(declared.Type, out var source))
            {
                metrics.Add(metric);
                continue;
            }

            var known = metric with { Counts = [.. metric.Counts.SkipLast(1)], Values = [.. metric.Values.SkipLast(1)] };
            var member = subject.Members.First(member => member.Service.Metadata.Name == metric.Service);
            try
            {
                var finding = await source.FindAsync(new(subject.Rollout, subject.Revision, declared, member, known, SpokenUntil(evidence, known) ?? from, to), cancellationToken);
                metrics.Add(With(known, finding, DeclaredMetrics.IsCounted(declared)) with { Problem = null });
            }
            catch (MetricsException e) when (e.Failure is MetricsFailure.Unreachable or MetricsFailure.TimedOut or MetricsFailure.Failed)
            {
                isAway = true;
                metrics.Add(metric);
            }
            catch (MetricsException e)
            {
                metrics.Add(metric with { Problem = e.Message });
            }
        }

        return (evidence with { Metrics = metrics }, isAway);
    }

    private static bool SaysSomething(MetricEvidence metric) =>
        metric.Values is [.., { Length: > 0 }] || (metric.Counts is [.., var counts] && IntervalCounts.Parse(counts).CanaryTotal > 0);

    /// <summary>Until when a source has spoken: a look that it missed is made up for. Null when it has not.</summary>
    private static DateTimeOffset? SpokenUntil(RolloutEvidence evidence, MetricEvidence metric)
    {
        var last = metric.Values.ToList().FindLastIndex(static value => value.Length > 0);
        return last >= 0 ? evidence.Since + TimeSpan.FromSeconds(evidence.Intervals[last].To) : metric.Values.Count > 0 ? evidence.Since : null;
    }

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
                       ?? Empty(evidence, metric, service, question))
                       with { DryRun = metric.DryRun },
            ],
        };
    }

    private static MetricEvidence Empty(RolloutEvidence evidence, RolloutMetric metric, string service, string question) => new()
    {
        Name = metric.Name,
        Service = service,
        Question = question,
        BarNanoseconds = TrafficCounts.FixedBarOf(metric),
        Counts = DeclaredMetrics.IsCounted(metric) ? [.. evidence.Intervals.Select(static _ => default(IntervalCounts).ToString())] : [],
        Values = DeclaredMetrics.IsCounted(metric) ? [] : [.. evidence.Intervals.Select(static _ => "")],
    };

    private static RolloutMetric DeclaredOf(AnalysisSubject subject, MetricEvidence metric) =>
        DeclaredMetrics.Of(subject.Rollout.Spec.Analysis).First(declared => declared.Name == metric.Name);

    private static long Requests(TrafficReading reading, string track) =>
        (long)Math.Round(reading.Series.Where(series => series.Flow.Track == track).Sum(static series => series.Counts.Total));

    private static DateTimeOffset Counted(RolloutEvidence evidence) => evidence.AsOf ?? evidence.Since!.Value;

    /// <summary>A time that the source still knows.</summary>
    private DateTimeOffset Known(DateTimeOffset wanted, DateTimeOffset now) => Ceiling(Latest(wanted, now - _metrics.Retention));

    private static DateTimeOffset Latest(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static int Seconds(TimeSpan time) => (int)Math.Clamp(time.TotalSeconds, int.MinValue, int.MaxValue);

    /// <summary>Status keeps whole seconds. Upwards: a slice of time whose beginning is asked for is counted whole, and that must be a new one.</summary>
    private static DateTimeOffset Ceiling(DateTimeOffset at) => Floor(at + TimeSpan.FromTicks(TimeSpan.TicksPerSecond - 1));

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.Time.Testing;
using Operators.Metrics;
using Operators.Rollouts.Evidence;
using Operators.Tests.Testing;

namespace Operators.Tests.Rollouts.Evidence;

public sealed class RolloutAnalystTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly FakeTraffic _traffic = new();

    [Fact]
    public async Task A_canary_that_does_as_well_passes_and_the_evidence_says_by_what_numbers()
    {
        var evidence = await LookAsync(12, stableErrors: 1, canaryErrors: 0);

        Assert.Equal(RolloutVerdict.Pass, evidence.Verdict);
        Assert.StartsWith("order, success-rate: 0 of 1,200 requests (0 %) of the canary, 22 of 32,800 requests (0.07 %) of the stable version; evidence that it is worse", evidence.Message, StringComparison.Ordinal);
        Assert.Equal(13, evidence.Intervals.Count);
    }

    [Fact]
    public async Task A_canary_that_fails_more_often_fails()
    {
        var evidence = await LookAsync(4, stableErrors: 1, canaryErrors: 10);

        Assert.Equal(RolloutVerdict.Fail, evidence.Verdict);
        Assert.Contains("of the canary", evidence.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_once_stays_failed_for_that_canary_and_not_for_the_next()
    {
        var subject = Subject();
        var evidence = await LookAsync(4, stableErrors: 1, canaryErrors: 10, subject: subject);
        Assert.Equal(RolloutVerdict.Fail, (await LookAsync(40, 1, 0, subject, evidence)).Verdict);

        var retried = With(subject with { Since = _time.GetUtcNow() }, evidence);
        _time.Advance(Interval + Interval);
        Assert.Equal(RolloutVerdict.NotEnoughData, (await Analyst.LookAsync(retried, Cancel)).Verdict);

        var other = With(subject with { Revision = "next", Since = _time.GetUtcNow() }, evidence);
        Assert.Equal(RolloutVerdict.NotEnoughData, (await Analyst.LookAsync(other, Cancel)).Verdict);
    }

    [Fact]
    public async Task What_the_stable_version_did_before_is_counted_first()
    {
        _traffic.Make(Start - TimeSpan.FromMinutes(5), 1000, 7, 0, 0);
        _traffic.Make(Start + TimeSpan.FromSeconds(5), 100, 1, 10, 0);
        _time.Advance(TimeSpan.FromSeconds(45));

        var evidence = await Analyst.LookAsync(Subject(), Cancel);

        Assert.Equal(["7/1000 0/0", "1/100 0/10"], Assert.Single(evidence.Metrics).Counts);
        Assert.Equal([(-600, 0), (0, 35)], evidence.Intervals.Select(interval => (interval.From, interval.To)));
    }

    [Fact]
    public async Task Nothing_is_looked_at_before_it_is_due()
    {
        _time.Advance(TimeSpan.FromSeconds(39));
        Assert.Empty((await Analyst.LookAsync(Subject(), Cancel)).Intervals);
        Assert.Empty(_traffic.Asked);
        Assert.Equal(Start + TimeSpan.FromSeconds(40), RolloutAnalyst.DueAt(Subject()));
    }

    [Fact]
    public async Task A_look_that_comes_late_counts_the_whole_time_as_one_interval_and_no_request_twice()
    {
        var subject = Subject();
        for (var second = 0; second < 600; second++)
        {
            _traffic.Make(Start + TimeSpan.FromSeconds(second), 9, 0, 1, 0);
        }

        var evidence = new RolloutEvidence();
        foreach (var seconds in (int[])[41, 33, 47, 300, 31, 90])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            evidence = await Analyst.LookAsync(subject, Cancel);
            subject = With(subject, evidence);
        }

        Assert.Equal([(0, 31), (31, 64), (64, 111), (111, 411), (411, 442), (442, 532)], evidence.Intervals.Select(interval => (interval.From, interval.To)));
        Assert.Equal(532, evidence.Metrics[0].Counts.Select(IntervalCounts.Parse).Sum(counts => counts.CanaryTotal));
    }

    [Fact]
    public async Task Nothing_is_asked_beyond_what_the_source_remembers()
    {
        _traffic.Make(Start + TimeSpan.FromMinutes(59), 900, 0, 100, 0);
        _time.Advance(TimeSpan.FromHours(1));

        var evidence = await Analyst.LookAsync(Subject(), Cancel);

        Assert.All(_traffic.Asked, question => Assert.True(question.From >= _time.GetUtcNow() - _traffic.Retention));
        Assert.Equal((2700, 3590), evidence.Intervals.Select(interval => (interval.From, interval.To)).Single());
    }

    [Fact]
    public async Task A_time_without_a_request_of_the_canary_is_no_interval()
    {
        var subject = Subject();
        _traffic.Make(Start + TimeSpan.FromSeconds(1), 900, 0, 0, 0);
        _traffic.Make(Start + TimeSpan.FromSeconds(100), 900, 0, 3, 0);
        _time.Advance(TimeSpan.FromSeconds(60));
        var first = await Analyst.LookAsync(subject, Cancel);
        Assert.Equal(("0 of 50 requests of the canary that are needed to decide", 0), (first.Metrics[0].Message, first.Intervals.Count));

        _time.Advance(TimeSpan.FromSeconds(60));
        var second = await Analyst.LookAsync(With(subject, first), Cancel);

        Assert.Equal(["0/1800 0/3"], second.Metrics[0].Counts);
    }

    [Fact]
    public async Task A_source_that_is_away_leaves_the_numbers_as_they_are_until_it_is_back()
    {
        var subject = Subject();
        var known = await LookAsync(12, stableErrors: 1, canaryErrors: 0, subject: subject);
        _traffic.Failure = new MetricsException(MetricsFailure.Unreachable, "away");
        _time.Advance(Interval);

        var away = await Analyst.LookAsync(With(subject, known), Cancel);
        Assert.Equal(known with { AwaySince = _time.GetUtcNow() }, away);

        _time.Advance(Interval);
        Assert.Equal(away, await Analyst.LookAsync(With(subject, away), Cancel));

        _traffic.Failure = null;
        _traffic.Make(_time.GetUtcNow() - TimeSpan.FromSeconds(20), 10, 0, 10, 0);
        var back = await Analyst.LookAsync(With(subject, away), Cancel);
        Assert.Null(back.AwaySince);
        Assert.Equal(known.Intervals.Count + 1, back.Intervals.Count);
    }

    [Fact]
    public async Task What_only_people_can_mend_holds_and_is_told()
    {
        _traffic.Failure = new MetricsException(MetricsFailure.Denied, "Prometheus does not let us in (401)");
        _time.Advance(TimeSpan.FromMinutes(1));

        var evidence = await Analyst.LookAsync(Subject(), Cancel);

        Assert.Equal((RolloutVerdict.NotEnoughData, "Prometheus does not let us in (401)", null), (evidence.Verdict, evidence.Message, evidence.AwaySince));
    }

    [Fact]
    public async Task Slow_is_what_lies_beyond_the_stable_versions_quantile_before_and_is_counted_by_a_bound()
    {
        var subject = Subject(new RolloutMetric { Name = "p99", Type = RolloutMetricType.Latency, Latency = new() { Quantile = "p90" } });
        _traffic.Make(Start - TimeSpan.FromMinutes(1), Tracks.Stable, 880, seconds: 0.05);
        _traffic.Make(Start - TimeSpan.FromMinutes(1), Tracks.Stable, 120, seconds: 0.15);
        _traffic.Make(Start + TimeSpan.FromSeconds(3), Tracks.Stable, 90, seconds: 0.05);
        _traffic.Make(Start + TimeSpan.FromSeconds(3), Tracks.Canary, 7, seconds: 0.05);
        _traffic.Make(Start + TimeSpan.FromSeconds(3), Tracks.Canary, 4, seconds: 0.4);
        _time.Advance(TimeSpan.FromSeconds(45));

        var evidence = await Analyst.LookAsync(subject, Cancel);

        var metric = Assert.Single(evidence.Metrics);
        Assert.Equal(["120/1000 0/0", "0/90 4/11"], metric.Counts);
        Assert.Equal(100_000_000, metric.BarNanoseconds);
        Assert.Equal("requests that took longer than the stable version's p90 before", metric.Question);
    }

    [Fact]
    public async Task Without_requests_before_the_first_interval_only_tells_what_is_slow()
    {
        var subject = Subject(new RolloutMetric { Name = "p99", Type = RolloutMetricType.Latency });
        foreach (var second in (int[])[3, 33])
        {
            _traffic.Make(Start + TimeSpan.FromSeconds(second), Tracks.Stable, 98, seconds: 0.05);
            _traffic.Make(Start + TimeSpan.FromSeconds(second), Tracks.Stable, 2, seconds: 0.3);
            _traffic.Make(Start + TimeSpan.FromSeconds(second), Tracks.Canary, 10, seconds: 0.3);
        }

        _time.Advance(TimeSpan.FromSeconds(40));
        var before = await Analyst.LookAsync(subject, Cancel);
        _time.Advance(TimeSpan.FromSeconds(30));
        var after = await Analyst.LookAsync(With(subject, before), Cancel);

        Assert.Equal(["0/0 0/0", "2/100 10/10"], Assert.Single(after.Metrics).Counts);
    }

    [Fact]
    public async Task A_route_narrows_what_is_counted()
    {
        var subject = Subject(new RolloutMetric { Name = "checkout", Type = RolloutMetricType.SuccessRate, Route = "checkout" });
        _traffic.Make(Start + TimeSpan.FromSeconds(3), 100, 0, 50, 50);
        _traffic.Make(Start + TimeSpan.FromSeconds(3), Tracks.Canary, 5, errors: 1, route: "shop/checkout");
        _time.Advance(TimeSpan.FromSeconds(45));

        Assert.Equal(["0/0 1/5"], (await Analyst.LookAsync(subject, Cancel)).Metrics[0].Counts);
    }

    [Fact]
    public async Task Of_a_group_each_service_is_compared_by_itself_and_one_that_fails_fails_all()
    {
        var subject = Subject() with { Members = [Member("order"), Member("payment")] };
        var evidence = new RolloutEvidence();
        for (var look = 0; look < 6; look++)
        {
            _traffic.Make(_time.GetUtcNow(), 1000, 5, 100, 0);
            _traffic.Make(_time.GetUtcNow(), Tracks.Stable, 1000, 5, service: "shop/payment");
            _traffic.Make(_time.GetUtcNow(), Tracks.Canary, 100, 20, service: "shop/payment");
            _time.Advance(TimeSpan.FromSeconds(45));
            evidence = await Analyst.LookAsync(With(subject, evidence), Cancel);
        }

        Assert.Equal([("order", RolloutVerdict.Pass), ("payment", RolloutVerdict.Fail)], evidence.Metrics.Select(metric => (metric.Service, metric.Verdict)));
        Assert.Equal(RolloutVerdict.Fail, evidence.Verdict);
        Assert.StartsWith("payment, success-rate:", evidence.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_decides_nothing()
    {
        var subject = Subject(new RolloutMetric { Name = "tried", DryRun = true }, new RolloutMetric { Name = "slow", Type = RolloutMetricType.Latency });

        var evidence = await LookAsync(12, stableErrors: 0, canaryErrors: 20, subject: subject);

        Assert.Equal([RolloutVerdict.Fail, RolloutVerdict.Pass], evidence.Metrics.Select(metric => metric.Verdict));
        Assert.Equal(RolloutVerdict.Pass, evidence.Verdict);
    }

    [Fact]
    public async Task A_metric_that_is_declared_on_the_way_begins_with_nothing_and_one_that_asks_something_else_too()
    {
        var subject = Subject();
        var evidence = await LookAsync(3, 1, 0, subject);
        var edited = Subject(new RolloutMetric { Name = "success-rate" }, new RolloutMetric { Name = "p99", Type = RolloutMetricType.Latency, Latency = new() { Bar = "10ms" } });

        evidence = await LookAsync(1, 1, 0, edited, evidence);

        Assert.Equal(5, evidence.Metrics[0].Counts.Count);
        Assert.Equal(["0/0 0/0", "0/0 0/0", "0/0 0/0", "0/0 0/0", "1900/1900 100/100"], evidence.Metrics[1].Counts);

        var slower = Subject(new RolloutMetric { Name = "p99", Type = RolloutMetricType.Latency, Latency = new() { Bar = "1s" } });
        evidence = await LookAsync(1, 1, 0, slower, evidence);
        Assert.Equal(["0/0 0/0", "0/0 0/0", "0/0 0/0", "0/0 0/0", "0/0 0/0", "0/1900 0/100"], Assert.Single(evidence.Metrics).Counts);
    }

    [Fact]
    public async Task A_status_that_was_written_and_read_comes_to_the_same()
    {
        var evidence = await LookAsync(12, stableErrors: 1, canaryErrors: 0);
        var read = JsonSerializer.Deserialize<RolloutEvidence>(JsonSerializer.Serialize(evidence, KubeJson.Options), KubeJson.Options)!;

        Assert.Equal(JsonSerializer.Serialize(evidence, KubeJson.Options), JsonSerializer.Serialize(EvidenceJudge.Judge(new(), read with { Verdict = RolloutVerdict.NotEnoughData, Message = "" }), KubeJson.Options));
    }

    [Fact]
    public async Task The_split_that_is_observed_is_that_of_the_member_which_fits_worst()
    {
        var subject = Subject() with { Members = [Member("order"), Member("payment"), Member("user")] };
        _time.Advance(TimeSpan.FromMinutes(1));
        var since = _time.GetUtcNow();
        _traffic.Make(since + TimeSpan.FromSeconds(1), Tracks.Stable, 1000, service: "shop/payment");
        _traffic.Make(since + TimeSpan.FromSeconds(11), 900, 0, 100, 0);
        _traffic.Make(since + TimeSpan.FromSeconds(11), Tracks.Stable, 100, service: "shop/payment");
        _traffic.Make(since + TimeSpan.FromSeconds(11), Tracks.Canary, 30, service: "shop/payment");
        _traffic.Make(since + TimeSpan.FromSeconds(11), Tracks.Stable, 91, service: "shop/user");
        _traffic.Make(since + TimeSpan.FromSeconds(11), Tracks.Canary, 9, service: "shop/user");
        _time.Advance(TimeSpan.FromSeconds(30));

        var observed = await Analyst.ObserveAsync(WithWeight(subject, 10, since), Cancel);

        Assert.Equal((30, 130), (observed!.Canary, observed.Total));
        _traffic.Failure = new MetricsException(MetricsFailure.Unreachable, "away");
        Assert.Null(await Analyst.ObserveAsync(WithWeight(subject, 10, since), Cancel));
    }

    [Fact]
    public async Task A_member_without_requests_shows_no_weight_and_what_was_long_ago_is_forgotten()
    {
        var subject = Subject() with { Members = [Member("order"), Member("payment")] };
        _traffic.Make(Start + TimeSpan.FromSeconds(11), 1000, 0, 0, 0);
        _time.Advance(TimeSpan.FromMinutes(5));
        _traffic.Make(_time.GetUtcNow() - TimeSpan.FromMinutes(1), 0, 0, 100, 0);

        var observed = await Analyst.ObserveAsync(WithWeight(subject, 100, Start), Cancel);
        Assert.Equal((0, 0), (observed!.Canary, observed.Total));

        var alone = await Analyst.ObserveAsync(WithWeight(Subject(), 100, Start), Cancel);
        Assert.Equal((100, 100), (alone!.Canary, alone.Total));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RolloutAnalyst Analyst => new(_traffic, _time);

    /// <summary>So many looks, each after thirty seconds with 1,900 requests of the stable version and 100 of the canary.</summary>
    private async Task<RolloutEvidence> LookAsync(int looks, long stableErrors, long canaryErrors, AnalysisSubject? subject = null, RolloutEvidence? evidence = null)
    {
        if (evidence is null)
        {
            _traffic.Make(Start - TimeSpan.FromMinutes(1), Tracks.Stable, 10_000, 10);
        }

        var known = evidence ?? new();
        for (var look = 0; look < looks; look++)
        {
            _traffic.Make(_time.GetUtcNow() - TimeSpan.FromSeconds(evidence is null && look == 0 ? 0 : 10), 1900, stableErrors, 100, canaryErrors);
            _time.Advance(evidence is null && look == 0 ? Interval + TimeSpan.FromSeconds(10) : Interval);
            known = await Analyst.LookAsync(With(subject ?? Subject(), known), Cancel);
        }

        return known;
    }

    private static AnalysisSubject With(AnalysisSubject subject, RolloutEvidence evidence) =>
        subject with { Rollout = subject.Rollout with { Status = (subject.Rollout.Status ?? new()) with { Evidence = evidence } } };

    private static AnalysisSubject WithWeight(AnalysisSubject subject, int weight, DateTimeOffset since) =>
        subject with { Rollout = subject.Rollout with { Status = new() { Weight = weight, WeightSince = since } } };

    private static SubjectMember Member(string name) => new(Samples.Service(name), $"shop/{name}");

    private static AnalysisSubject Subject(params RolloutMetric[] metrics) => new(
        new CanaryRollout
        {
            ApiVersion = CanaryRollout.ResourceType.ApiVersion,
            Kind = CanaryRollout.ResourceType.Kind,
            Metadata = new ObjectMeta { Name = "order", Namespace = Samples.Namespace, Uid = "uid-rollout", Generation = 1 },
            Spec = new() { Analysis = new() { Metrics = metrics } },
        },
        "abc",
        Start,
        [Member("order")]);
}

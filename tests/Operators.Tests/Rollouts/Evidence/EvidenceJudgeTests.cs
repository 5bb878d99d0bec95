using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace Operators.Tests.Rollouts.Evidence;

public sealed class EvidenceJudgeTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0/0 5/100;0/0 5/100", RolloutVerdict.NotEnoughData)]
    [InlineData("0/0 5/100;0/0 5/100;0/0 5/100", RolloutVerdict.Fail)]
    [InlineData("0/0 5/100;0/0 5/100;0/0 1/100;0/0 5/100", RolloutVerdict.NotEnoughData)]
    [InlineData("0/0 5/100;0/0 5/100;0/0 5/100;0/0 0/100;0/0 0/100;0/0 0/100", RolloutVerdict.Fail)]
    [InlineData("0/0 1/100;0/0 1/100", RolloutVerdict.NotEnoughData)]
    [InlineData("0/0 1/100;0/0 0/0;0/0 1/100;0/0 1/100", RolloutVerdict.Pass)]
    [InlineData("0/0 1/1;0/0 1/1;0/0 1/1", RolloutVerdict.NotEnoughData)]
    public void A_threshold_fails_after_so_many_looks_in_a_row(string counts, RolloutVerdict verdict)
    {
        var metric = new RolloutMetric { Name = "errors", Threshold = new() { Min = "99%" } };

        Assert.Equal(verdict, Judge(new() { Metrics = [metric] }, ("errors", counts)).Verdict);
    }

    [Fact]
    public void A_threshold_of_latency_is_the_share_that_the_quantile_leaves()
    {
        var metric = new RolloutMetric { Name = "slow", Type = RolloutMetricType.Latency, Latency = new() { Quantile = "p95", Bar = "800ms" }, Threshold = new() { FailedLooks = 1 } };

        Assert.Equal(RolloutVerdict.Pass, Judge(new() { Metrics = [metric] }, ("slow", "0/0 5/100")).Verdict);
        var failed = Judge(new() { Metrics = [metric] }, ("slow", "0/0 6/100"));
        Assert.Equal((RolloutVerdict.Fail, "order, slow: 6 of 100 requests of the canary in the last look (6 %), 5 % may be; 1 looks in a row failed"), (failed.Verdict, failed.Message));
    }

    [Fact]
    public void The_false_alarms_are_shared_by_all_comparisons_that_can_fail_the_canary()
    {
        var analysis = new RolloutAnalysis { FalseAlarms = "10%", Metrics = [new() { Name = "a" }, new() { Name = "b" }, new() { Name = "c", DryRun = true }, new() { Name = "d", Threshold = new() { Min = "99%" } }] };
        var evidence = Judge(analysis, ("a", "5/1000 0/0;5/1000 1/100"), ("b", "5/1000 0/0;5/1000 1/100"), ("c", "5/1000 0/0;5/1000 1/100"), ("d", "5/1000 0/0;5/1000 1/100"));

        Assert.Equal((20, 20), EvidenceJudge.NeededBy(analysis, evidence, evidence.Metrics[0]));
        Assert.Null(EvidenceJudge.NeededBy(analysis, evidence, evidence.Metrics[3]));
        Assert.Contains("of 20,", evidence.Metrics[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_cannot_be_told_keeps_the_others_from_passing_and_is_named()
    {
        var analysis = new RolloutAnalysis { Metrics = [new() { Name = "a" }, new() { Name = "b" }] };
        const string Well = "5/10000 0/0;5/10000 0/1000;5/10000 0/1000";
        Assert.Equal(RolloutVerdict.Pass, Judge(analysis, ("a", Well), ("b", Well)).Verdict);

        var evidence = Evidence(("a", Well), ("b", Well));
        var held = EvidenceJudge.Judge(analysis, evidence with { Metrics = [evidence.Metrics[0], evidence.Metrics[1] with { Problem = "no such thing" }] });

        Assert.Equal((RolloutVerdict.NotEnoughData, "spec.analysis.metrics[b]: no such thing"), (held.Verdict, held.Message));
    }

    [Fact]
    public void The_course_has_a_point_for_each_interval_and_ends_with_what_the_verdict_is_from()
    {
        var evidence = Judge(new(), ("success-rate", "5/1000 0/0;5/1000 30/100;5/1000 30/100"));

        var course = EvidenceJudge.CourseOf(new(), evidence, evidence.Metrics[0]);

        Assert.Equal([Since + TimeSpan.FromSeconds(30), Since + TimeSpan.FromSeconds(60), Since + TimeSpan.FromSeconds(90)], course.Select(point => point.At));
        Assert.Equal((0.005, 0.3), (course[^1].StableShare, course[^1].CanaryShare));
        Assert.True(course[^1].Stable.High < course[^1].Canary.Low);
        Assert.Equal(new(0, 1), course[0].Canary);
        Assert.True(course[^1].EvidenceOfWorse > EvidenceJudge.NeededBy(new(), evidence, evidence.Metrics[0])!.Value.Worse);
        Assert.Equal(RolloutVerdict.Fail, evidence.Verdict);
    }

    [Fact]
    public void Where_all_are_dry_runs_nothing_is_decided() =>
        Assert.Equal("no metric decides: all are dry runs", EvidenceJudge.Judge(new() { Metrics = [new() { Name = "a", DryRun = true }] }, Dry(Evidence(("a", "0/10 0/10")))).Message);

    private static RolloutEvidence Dry(RolloutEvidence evidence) => evidence with { Metrics = [.. evidence.Metrics.Select(static metric => metric with { DryRun = true })] };

    private static RolloutEvidence Judge(RolloutAnalysis analysis, params (string Name, string Counts)[] metrics)
    {
        var evidence = Evidence(metrics);
        return EvidenceJudge.Judge(analysis, evidence with
        {
            Metrics = [.. evidence.Metrics.Select(metric => metric with { DryRun = analysis.Metrics.Any(declared => declared.Name == metric.Name && declared.DryRun) })],
        });
    }

    private static RolloutEvidence Evidence(params (string Name, string Counts)[] metrics) => new()
    {
        Revision = "abc",
        Since = Since,
        Intervals = [.. Enumerable.Range(0, metrics[0].Counts.Split(';').Length).Select(at => new EvidenceInterval { From = 30 * at, To = 30 * (at + 1) })],
        Metrics = [.. metrics.Select(metric => new MetricEvidence { Name = metric.Name, Service = "order", Counts = metric.Counts.Split(';') })],
    };
}

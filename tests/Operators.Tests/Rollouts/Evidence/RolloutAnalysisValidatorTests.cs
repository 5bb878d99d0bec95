using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace Operators.Tests.Rollouts.Evidence;

public sealed class RolloutAnalysisValidatorTests
{
    private static readonly RolloutMetric Number = new() { Name = "m", Type = RolloutMetricType.Expression, Expression = new() { Value = "sum(queue)" }, Threshold = new() { Max = "10" } };
    private static readonly RolloutMetric Share = new()
    {
        Name = "m",
        Type = RolloutMetricType.Expression,
        Expression = new() { Bad = "sum(increase(payment_failures_total{pod=~\"${workload}-.*\"}[${interval}]))", Total = "sum(increase(payments_total{track=\"${track}\"}[${interval}]))" },
    };

    /// <summary>What is wrong, and what is said of it.</summary>
    public static TheoryData<RolloutMetric, string> Wrong => new()
    {
        { new() { Name = "m", Latency = new() }, "spec.analysis.metrics[m].latency: is a setting of type Latency" },
        { new() { Name = "m", Type = RolloutMetricType.Latency, Latency = new() { Quantile = "p100" } }, "spec.analysis.metrics[m].latency.quantile: 'p100' is none of p50, p90, p95 and p99" },
        { new() { Name = "m", Type = RolloutMetricType.Latency, Latency = new() { Bar = "0s" } }, "spec.analysis.metrics[m].latency.bar: '0s' is no time over 0, such as 800ms" },
        { new() { Name = "m", Type = RolloutMetricType.Latency, Threshold = new() }, "spec.analysis.metrics[m].threshold: of Latency is latency.bar, and has neither min nor max" },
        { new() { Name = "m", Threshold = new() { Max = "99%" } }, "spec.analysis.metrics[m].threshold: of SuccessRate has a min, such as 99.5%, and no max" },
        { new() { Name = "m", Tolerance = "2%" }, "spec.analysis.metrics[m].margin: 1% must be more than the tolerance of 2%" },
        { new() { Name = "m", Margin = "0.5" }, "spec.analysis.metrics[m].margin: '0.5' is no share under 100%; write it as 0.5%" },
        { new() { Name = "m", Tolerance = "1%", Threshold = new() { Min = "99%" } }, "spec.analysis.metrics[m].tolerance: is of the comparison with the stable version, which this metric does not make" },
        { new() { Name = "m", Route = "gone" }, "spec.analysis.metrics[m].route: there is no route gone" },
        { Share with { Route = "web" }, "spec.analysis.metrics[m].route: a route narrows SuccessRate and Latency only" },
        { new() { Name = "m", Type = RolloutMetricType.Expression }, "spec.analysis.metrics[m].expression: is missing: type Expression needs it" },
        { Number with { Expression = new() { Value = " " } }, "spec.analysis.metrics[m].expression.value: is empty" },
        { Number with { Expression = new() { Value = new string('x', 4097) } }, "spec.analysis.metrics[m].expression.value: is longer than 4096 characters" },
        { Number with { Expression = new() { Value = "${pod}" } }, "spec.analysis.metrics[m].expression.value: ${pod} stands for nothing; there are ${namespace}, ${service}, ${workload}, ${track} and ${interval}" },
        { Number with { Threshold = null }, "spec.analysis.metrics[m].threshold: is missing: a value says nothing without a limit" },
        { Number with { Threshold = new() { Min = "2", Max = "1" } }, "spec.analysis.metrics[m].threshold: of Expression has a min, a max or both, which are numbers, the min no more than the max" },
        { Number with { Threshold = new() { Max = "NaN" } }, "spec.analysis.metrics[m].threshold: of Expression has a min, a max or both, which are numbers, the min no more than the max" },
        { Number with { Threshold = new() { Max = "1", FailedLooks = 0 } }, "spec.analysis.metrics[m].threshold.failedLooks: must be at least 1" },
        { Share with { Expression = Share.Expression! with { Total = null } }, "spec.analysis.metrics[m].expression: has a value, which is held to a threshold, or bad and total, which are compared with the stable version" },
        { Share with { Expression = Share.Expression! with { Total = "sum(payments_total)" } }, "spec.analysis.metrics[m].expression.total: must ask for one side by ${track} or ${workload}, or stable and canary would always be the same" },
        { Share with { Threshold = new() { Max = "1" } }, "spec.analysis.metrics[m].threshold: is for an expression with a value; bad and total are compared with the stable version" },
        { new() { Name = "m", Type = RolloutMetricType.LogPattern, Logs = new() { Patterns = ["(a)\\1"] } }, "spec.analysis.metrics[m].logs.patterns[0]: uses what needs backtracking, such as a back reference or a look-around" },
        { new() { Name = "m", Type = RolloutMetricType.LogPattern, Logs = new() }, "spec.analysis.metrics[m].logs.patterns: is empty" },
        { new() { Name = "m", Type = RolloutMetricType.Webhook, Webhook = new() { Url = "https://user:pass@gate/" } }, "spec.analysis.metrics[m].webhook.url: is no address such as https://gate.example.com/canary, without a user in it" },
        { new() { Name = "m", Type = RolloutMetricType.Contract, Threshold = new() }, "spec.analysis.metrics[m].threshold: is not for type Contract" },
    };

    /// <summary>What is right.</summary>
    public static TheoryData<RolloutMetric> Right =>
    [
        new RolloutMetric { Name = "m", Route = "web" },
        new RolloutMetric { Name = "m", Tolerance = "0.5%", Margin = "2%" },
        new RolloutMetric { Name = "m", Threshold = new() { Min = "99.5%" } },
        new RolloutMetric { Name = "m", Type = RolloutMetricType.Latency },
        new RolloutMetric { Name = "m", Type = RolloutMetricType.Latency, Latency = new() { Quantile = "p50", Bar = "250ms" }, Threshold = new() },
        new RolloutMetric { Name = "m", Type = RolloutMetricType.Contract },
        new RolloutMetric { Name = "m", Type = RolloutMetricType.LogPattern, Logs = new() { Patterns = ["OutOfMemory|deadlock"] } },
        new RolloutMetric { Name = "m", Type = RolloutMetricType.Webhook, Webhook = new() { Url = "https://gate.example.com/canary" } },
        Number,
        Share,
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named(RolloutMetric metric, string problem) => Assert.Contains(problem, Problems(metric));

    [Theory]
    [MemberData(nameof(Right))]
    public void What_is_right_passes(RolloutMetric metric) => Assert.Empty(Problems(metric));

    [Fact]
    public void The_analysis_itself_is_checked()
    {
        var problems = Problems(new RolloutAnalysis { Interval = "soon", FalseAlarms = "0%", FalsePasses = "60%", Metrics = [new() { Name = "a", DryRun = true }, new() { Name = "a", DryRun = true }] });

        Assert.Equal(
            ["spec.analysis.interval", "spec.analysis.falseAlarms", "spec.analysis.falsePasses", "spec.analysis.metrics", "spec.analysis.metrics"],
            problems.Select(problem => problem.Split(": ")[0]));
        Assert.Empty(Problems(new RolloutAnalysis()));
    }

    private static IEnumerable<string> Problems(RolloutMetric metric) => Problems(new RolloutAnalysis { Metrics = [metric] });

    private static IReadOnlyList<string> Problems(RolloutAnalysis analysis) =>
        [.. RolloutAnalysisValidator.Check(new() { Steps = [new() { Analysis = new() }], Analysis = analysis }, "shop", route => route == "shop/web").Select(problem => problem.ToString())];
}

using System.Globalization;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace Performance.Canaries;

/// <summary>
/// How good judges of canaries are: the same thousands of canaries are put before our sequential test, before thresholds, and before tests over
/// a fixed window (Mann–Whitney, and two pooled proportions) that is made as long as it needs to be to find as many of the bad ones.
/// </summary>
internal static class CanarySimulation
{
    private const int Horizon = 240;
    private const int Seed = 20261127;
    private const double OneInTwenty = 1.6449;

    private static readonly ComparisonOptions Options = new();

    /// <summary>As the operator asks of p99 and p50 by default.</summary>
    private static readonly ComparisonOptions OfP99 = DeclaredMetrics.OptionsOf(new(), new() { Type = RolloutMetricType.Latency }, comparisons: 1);
    private static readonly ComparisonOptions OfP50 = DeclaredMetrics.OptionsOf(new(), new() { Type = RolloutMetricType.Latency, Latency = new() { Quantile = "p50" } }, comparisons: 1);

    private delegate Judgement Judge(ReadOnlySpan<IntervalCounts> intervals, double quantile);

    private static readonly CanaryCase[] Cases =
    [
        new("errors 0.5 % and 0.5 %", 0.005, 0.005, 50),
        new("errors 0.5 % and 1.5 %", 0.005, 0.015, 50),
        new("errors 0.5 % and 2.5 %", 0.005, 0.025, 50),
        new("errors 0.5 % and 5 %", 0.005, 0.05, 50),
        new("errors 2 % and 2 %", 0.02, 0.02, 50),
        new("errors 2 % and 4 %", 0.02, 0.04, 50),
        new("few requests, 0.5 % and 0.5 %", 0.005, 0.005, 5),
        new("few requests, 0.5 % and 5 %", 0.005, 0.05, 5),
    ];

    private static readonly (LatencyCase Case, ComparisonOptions Options)[] Latencies =
    [
        (new("p99 the same", 0.01, 1, 50), OfP99),
        (new("p99 times 1.2", 0.01, 1.2, 50), OfP99),
        (new("p99 times 1.5", 0.01, 1.5, 50), OfP99),
        (new("p50 the same", 0.5, 1, 50), OfP50),
        (new("p50 times 1.2", 0.5, 1.2, 50), OfP50),
    ];

    private static readonly CanaryCase[] Turning =
    [
        new("errors 0.5 %, after 120 intervals 2.5 %", 0.005, 0.025, 50, TurnsAt: 120),
        new("errors 0.5 %, after 120 intervals 5 %", 0.005, 0.05, 50, TurnsAt: 120),
    ];

    public static void Run(int canaries)
    {
        Say($"{canaries:N0} canaries a case, at most {Horizon} intervals, weight 10 %; stated rate of false alarms {Options.FalseAlarms:P0}, margin {Options.Margin:P0}; requests are the canary's, mean");
        Say($"| case | sequential fails / passes / open | requests | thresholds (1 %, 5 checks of 10) fail | requests | Mann–Whitney fails (window) | requests | pooled test fails (window) | requests |");
        Say($"|---|---|---|---|---|---|---|---|---|");
        foreach (var item in Cases)
        {
            Compare(item, canaries, Options, most: Math.Max(0.01, 2 * item.Stable));
        }

        foreach (var (item, options) in Latencies)
        {
            Compare(item, canaries, options, most: 2 * item.Tail);
        }

        Say($"");
        Say($"Turning bad: the rollout goes on after it passed, and is looked at until interval {Horizon}.");
        Say($"| case | failed before | found after | requests from the turn to the verdict |");
        Say($"|---|---|---|---|");
        foreach (var item in Turning)
        {
            var judged = Lives(item, canaries).Select(life => SequentialJudge.Judge(life, Options, stopsAtPass: false)).ToArray();
            var found = judged.Where(judgement => judgement.Verdict == RolloutVerdict.Fail && judgement.Intervals > item.TurnsAt).ToArray();
            Say($"| {item.Name} | {Share(judged, RolloutVerdict.Fail) - ((double)found.Length / judged.Length):P1} | {(double)found.Length / judged.Length:P1} | {found.Average(judgement => judgement.Intervals - item.TurnsAt) * item.CanaryRequests:N0} |");
        }
    }

    private static IntervalCounts[][] Lives(ICanaryCase item, int canaries)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, canaries).Select(_ => item.Draw(random, Horizon))];
    }

    private static void Compare(ICanaryCase item, int canaries, ComparisonOptions options, double most)
    {
        var lives = Lives(item, canaries);
        var ours = lives.Select(life => SequentialJudge.Judge(life, options)).ToArray();
        var thresholds = lives.Select(life => ThresholdJudge.Judge(life.AsSpan(0, 10), most)).ToArray();
        var detection = Share(ours, RolloutVerdict.Fail);
        var ranked = Fixed(item, lives, detection, MannWhitneyJudge.Judge);
        var pooled = Fixed(item, lives, detection, PooledJudge.Judge);
        Say($"| {item.Name} | {detection:P1} / {Share(ours, RolloutVerdict.Pass):P1} / {Share(ours, RolloutVerdict.NotEnoughData):P1} | {Requests(ours, item):N0} | {Share(thresholds, RolloutVerdict.Fail):P1} | {Requests(thresholds, item):N0} | {Share(ranked, RolloutVerdict.Fail):P1} ({ranked[0].Intervals}) | {Requests(ranked, item):N0} | {Share(pooled, RolloutVerdict.Fail):P1} ({pooled[0].Intervals}) | {Requests(pooled, item):N0} |");
    }

    /// <summary>A judge with a fixed window: the shortest with which it finds as many of the bad canaries (the longest when none does), an hour of minutes for good ones.</summary>
    private static Judgement[] Fixed(ICanaryCase item, IntervalCounts[][] lives, double detection, Judge judge)
    {
        var (low, high) = item.IsWorse ? (4, Horizon) : (60, 60);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Share(Over(middle), RolloutVerdict.Fail) >= detection ? (low, middle) : (middle + 1, high);
        }

        return Over(low);

        Judgement[] Over(int window) => [.. lives.Select(life => judge(life.AsSpan(0, window), OneInTwenty))];
    }

    private static double Share(Judgement[] judged, RolloutVerdict verdict) => (double)judged.Count(judgement => judgement.Verdict == verdict) / judged.Length;

    private static double Requests(Judgement[] judged, ICanaryCase item) => judged.Average(judgement => judgement.Intervals) * item.CanaryRequests;

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}

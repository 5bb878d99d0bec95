using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace Operators.Tests.Rollouts.Evidence;

public sealed class SequentialComparisonTests
{
    private static readonly ComparisonOptions Options = new();

    [Fact]
    public void Nothing_is_shown_without_requests() => Assert.Equal(RolloutVerdict.NotEnoughData, After().Verdict);

    [Fact]
    public void The_first_interval_only_tells_where_the_stable_version_stands()
    {
        var comparison = After(new IntervalCounts(0, 1000, 500, 500));

        Assert.Equal((1, 1), (comparison.EvidenceOfWorse, comparison.EvidenceOfWell));
    }

    [Fact]
    public void A_canary_that_fails_much_more_often_is_failed_at_the_first_interval_that_counts() =>
        Assert.Equal(RolloutVerdict.Fail, After(new IntervalCounts(5, 1000, 30, 100), new IntervalCounts(5, 1000, 30, 100)).Verdict);

    [Fact]
    public void A_canary_that_does_as_well_passes_once_there_are_requests_enough()
    {
        var interval = new IntervalCounts(5, 1000, 1, 200);

        Assert.Equal(RolloutVerdict.NotEnoughData, After(interval, interval).Verdict);
        Assert.Equal(RolloutVerdict.Pass, After([.. Enumerable.Repeat(interval, 10)]).Verdict);
    }

    [Fact]
    public void A_difference_within_the_tolerance_is_not_held_against_the_canary()
    {
        IntervalCounts[] worse = [.. Enumerable.Repeat(new IntervalCounts(5, 1000, 15, 1000), 20)];

        Assert.Equal(RolloutVerdict.Fail, After(worse).Verdict);
        Assert.Equal(RolloutVerdict.Pass, After(Options with { Tolerance = 0.015, Margin = 0.02 }, worse).Verdict);
    }

    [Fact]
    public void A_trickle_of_requests_adds_up() =>
        Assert.Equal(RolloutVerdict.Fail, After([.. Enumerable.Range(0, 400).Select(number => new IntervalCounts(0, 2, number % 5 == 0 ? 1 : 0, 1))]).Verdict);

    [Fact]
    public void A_stable_version_that_always_fails_breaks_nothing() =>
        Assert.Equal(RolloutVerdict.Pass, After([.. Enumerable.Repeat(new IntervalCounts(100, 100, 100, 100), 30)]).Verdict);

    [Fact]
    public void A_canary_that_turns_bad_after_long_being_well_is_found_nearly_as_soon()
    {
        IntervalCounts[] well = [.. Enumerable.Repeat(new IntervalCounts(5, 1000, 1, 200), 120)];
        IntervalCounts[] bad = [.. Enumerable.Repeat(new IntervalCounts(5, 1000, 12, 200), 4)];

        Assert.Equal(RolloutVerdict.Pass, After(well).Verdict);
        Assert.Equal(RolloutVerdict.Fail, After([.. well, .. bad]).Verdict);
    }

    [Fact]
    public void False_alarms_are_rarer_than_stated_however_often_one_looks()
    {
        var random = new Random(20261127);
        var alarms = Enumerable.Range(0, 400).Count(_ => EverFails(random, share: 0.02, canaryShare: 0.02));

        Assert.InRange(alarms, 0, 400 * Options.FalseAlarms);
    }

    [Fact]
    public void Canaries_that_are_worse_by_the_margin_are_seldom_passed()
    {
        var random = new Random(20261127);
        var passes = Enumerable.Range(0, 400).Count(_ => Verdicts(random, 0.02, 0.02 + Options.Margin).Contains(RolloutVerdict.Pass));

        Assert.InRange(passes, 0, 400 * Options.FalsePasses);
    }

    private static bool EverFails(Random random, double share, double canaryShare) => Verdicts(random, share, canaryShare).Contains(RolloutVerdict.Fail);

    private static IEnumerable<RolloutVerdict> Verdicts(Random random, double share, double canaryShare)
    {
        var comparison = SequentialComparison.Begin(Options);
        for (var interval = 0; interval < 60; interval++)
        {
            comparison = comparison.After(new(Draw(random, 180, share), 180, Draw(random, 20, canaryShare), 20));
            yield return comparison.Verdict;
        }
    }

    private static long Draw(Random random, int requests, double share) => Enumerable.Range(0, requests).LongCount(_ => random.NextDouble() < share);

    private static SequentialComparison After(params IntervalCounts[] intervals) => After(Options, intervals);

    private static SequentialComparison After(ComparisonOptions options, params IntervalCounts[] intervals) =>
        intervals.Aggregate(SequentialComparison.Begin(options), static (comparison, counts) => comparison.After(counts));
}

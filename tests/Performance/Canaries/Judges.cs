using System.Runtime.InteropServices;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace Performance.Canaries;

/// <summary>How a judge ended: after how many intervals, and whether it failed the canary.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Judgement(int Intervals, RolloutVerdict Verdict);

/// <summary>Ours: looks after each interval, and stops when sure.</summary>
internal static class SequentialJudge
{
    /// <param name="intervals">What was counted.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="stopsAtPass">False for a rollout that goes on under its eyes after it passed.</param>
    public static Judgement Judge(ReadOnlySpan<IntervalCounts> intervals, ComparisonOptions options, bool stopsAtPass = true)
    {
        var comparison = SequentialComparison.Begin(options);
        for (var i = 0; i < intervals.Length; i++)
        {
            comparison = comparison.After(intervals[i]);
            if (comparison.Verdict == RolloutVerdict.Fail || (stopsAtPass && comparison.Verdict == RolloutVerdict.Pass))
            {
                return new(i + 1, comparison.Verdict);
            }
        }

        return new(intervals.Length, RolloutVerdict.NotEnoughData);
    }
}

/// <summary>As Flagger judges: a check for each interval against a fixed bar of the canary's own share; five failed checks roll back, and the last step promotes.</summary>
internal static class ThresholdJudge
{
    private const int FailedChecks = 5;

    public static Judgement Judge(ReadOnlySpan<IntervalCounts> intervals, double most)
    {
        var failed = 0;
        for (var i = 0; i < intervals.Length; i++)
        {
            failed += (double)intervals[i].CanaryBad / intervals[i].CanaryTotal > most ? 1 : 0;
            if (failed == FailedChecks)
            {
                return new(i + 1, RolloutVerdict.Fail);
            }
        }

        return new(intervals.Length, RolloutVerdict.Pass);
    }
}

/// <summary>As Kayenta judges: at the end of a fixed window, a Mann–Whitney test of the intervals' shares (normal approximation, corrected for ties and continuity).</summary>
internal static class MannWhitneyJudge
{
    /// <param name="intervals">The window.</param>
    /// <param name="quantile">Standard normal quantile of the test's level, one-sided.</param>
    public static Judgement Judge(ReadOnlySpan<IntervalCounts> intervals, double quantile)
    {
        var n = intervals.Length;
        var values = new (double Share, bool IsCanary)[2 * n];
        for (var i = 0; i < n; i++)
        {
            values[2 * i] = ((double)intervals[i].StableBad / intervals[i].StableTotal, false);
            values[(2 * i) + 1] = ((double)intervals[i].CanaryBad / intervals[i].CanaryTotal, true);
        }

        Array.Sort(values, static (left, right) => left.Share.CompareTo(right.Share));
        var (ranks, ties) = (0.0, 0.0);
        for (var from = 0; from < values.Length;)
        {
            var to = from;
            while (to < values.Length && values[to].Share == values[from].Share)
            {
                to++;
            }

            var (size, rank) = (to - from, (from + 1 + to) / 2.0);
            ranks += rank * values[from..to].Count(value => value.IsCanary);
            ties += ((double)size * size * size) - size;
            from = to;
        }

        var u = ranks - (n * (n + 1) / 2.0);
        var all = 2.0 * n;
        var deviation = Math.Sqrt(n * (double)n / 12 * (all + 1 - (ties / (all * (all - 1)))));
        return new(n, deviation > 0 && (u - (n * (double)n / 2) - 0.5) / deviation > quantile ? RolloutVerdict.Fail : RolloutVerdict.Pass);
    }
}

/// <summary>The best that a fixed window can do with these counts: one test of two proportions at its end, with pooled variance. Whoever uses it may look once only.</summary>
internal static class PooledJudge
{
    /// <param name="intervals">The window.</param>
    /// <param name="quantile">Standard normal quantile of the test's level, one-sided.</param>
    public static Judgement Judge(ReadOnlySpan<IntervalCounts> intervals, double quantile)
    {
        var sum = default(IntervalCounts);
        foreach (var interval in intervals)
        {
            sum += interval;
        }

        var share = (double)(sum.StableBad + sum.CanaryBad) / (sum.StableTotal + sum.CanaryTotal);
        var deviation = Math.Sqrt(share * (1 - share) * ((1.0 / sum.StableTotal) + (1.0 / sum.CanaryTotal)));
        var difference = ((double)sum.CanaryBad / sum.CanaryTotal) - ((double)sum.StableBad / sum.StableTotal);
        return new(intervals.Length, deviation > 0 && difference / deviation > quantile ? RolloutVerdict.Fail : RolloutVerdict.Pass);
    }
}

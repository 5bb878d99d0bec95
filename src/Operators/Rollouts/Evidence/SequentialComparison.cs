using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>
/// Compares canary and stable while requests come in, and stops as soon as it is sure: after any interval one may look, and the stated error
/// rates hold for all looks together (Ville's inequality). A value: whoever keeps the counts of the intervals can recompute it.
/// </summary>
/// <remarks>
/// Two hypotheses are tested at once, that the canary is no worse than tolerated and that it is worse by the margin. Against each stand several
/// alternatives, a mixture of which is the evidence: how large a difference will be is not known before. Where the stable version stands is
/// taken from the intervals before, so the first interval that has requests of it only sets that. That a canary is worse may begin at any interval, as when it leaks memory:
/// the evidence of that is mixed over the interval in which it begins too, the k-th from 0 with a weight of 1/(k+1)(k+2), so that an hour in which all was well costs what comes
/// after it a few times the evidence, and not all of it (J. Shin, A. Ramdas, A. Rinaldo, «E-detectors», N. Engl. J. Stat. Data Sci. 2 (2024); the mixture is an e-process, so Ville's inequality holds).
/// </remarks>
internal sealed record SequentialComparison
{
    /// <summary>Differences beyond the tolerance that are looked for, from one in five hundred to one in two.</summary>
    private static readonly double[] Excesses = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

    /// <summary>Where, as parts of the margin, a canary that is well may stand.</summary>
    private static readonly double[] Parts = [0, 0.25, 0.5];

    private const double LeastShare = 1e-5;

    private readonly ComparisonOptions _options;
    private readonly double[] _worse;
    private readonly double[] _well;
    private readonly int _looks;

    /// <param name="options">What is asked.</param>
    /// <param name="worse">For each excess the logarithm of the evidence that has begun, by the weights of when.</param>
    /// <param name="well">For each part the logarithm of the evidence.</param>
    /// <param name="looks">Intervals that were compared.</param>
    /// <param name="seen">Everything that was counted.</param>
    private SequentialComparison(ComparisonOptions options, double[] worse, double[] well, int looks, IntervalCounts seen) =>
        (_options, _worse, _well, _looks, Seen) = (options, worse, well, looks, seen);

    /// <summary>Everything that was counted.</summary>
    public IntervalCounts Seen { get; }

    /// <summary>Evidence that the canary is worse than tolerated: 1 says nothing, 20 refutes the contrary at a rate of false alarms of 1 in 20.</summary>
    public double EvidenceOfWorse => Mean(_worse) + (1.0 / (_looks + 1)); // what may begin later is worth 1 so far

    /// <summary>Evidence that the canary is less than the margin worse.</summary>
    public double EvidenceOfWell => Mean(_well);

    /// <summary>What is shown. What was shown once stays shown only while the evidence lasts: whoever decides keeps the decision.</summary>
    public RolloutVerdict Verdict =>
        EvidenceOfWorse >= 1 / _options.FalseAlarms ? RolloutVerdict.Fail
        : EvidenceOfWell >= 1 / _options.FalsePasses ? RolloutVerdict.Pass
        : RolloutVerdict.NotEnoughData;

    /// <summary>A comparison before its first interval.</summary>
    public static SequentialComparison Begin(ComparisonOptions options) => new(options, [.. Excesses.Select(static _ => double.NegativeInfinity)], new double[Parts.Length], 0, default);

    /// <summary>The comparison after one more interval.</summary>
    public SequentialComparison After(IntervalCounts counts)
    {
        if (Seen.StableTotal == 0)
        {
            return new(_options, _worse, _well, _looks, Seen + counts);
        }

        var stable = Math.Clamp((Seen.StableBad + 0.5) / (Seen.StableTotal + 1), LeastShare, 1 - LeastShare);
        var begins = -Math.Log((_looks + 1.0) * (_looks + 2.0));
        return new(
            _options,
            [.. Excesses.Select((excess, index) => LogSum(_worse[index], begins) + LogEValue(counts, stable, _options.Tolerance + excess, _options.Tolerance))],
            [.. Parts.Select((part, index) => _well[index] + LogEValue(counts, stable, part * _options.Margin, _options.Margin))],
            _looks + 1,
            Seen + counts);
    }

    private static double LogEValue(IntervalCounts counts, double stable, double excess, double difference)
    {
        var canary = Math.Min(stable + excess, 1 - LeastShare);
        var isOnTheOtherSide = excess > difference ? canary > stable + difference : canary < stable + difference;
        return isOnTheOtherSide ? TwoSampleEvidence.LogEValue(counts, stable, canary, difference) : 0;
    }

    private static double LogSum(double left, double right) => Math.Max(left, right) + Math.Log(1 + Math.Exp(-Math.Abs(left - right)));

    private static double Mean(double[] logarithms)
    {
        var largest = logarithms.Max();
        return double.IsNegativeInfinity(largest) ? 0 : Math.Exp(largest) * logarithms.Average(value => Math.Exp(value - largest));
    }
}

using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>
/// Compares canary and stable while requests come in, and stops as soon as it is sure: after any interval one may look, and the stated error
/// rates hold for all looks together (Ville's inequality). A value: whoever keeps the counts of the intervals can recompute it.
/// </summary>
/// <remarks>
/// Two hypotheses are tested at once, that the canary is no worse than tolerated and that it is worse by the margin. Against each stand several
/// alternatives, a mixture of which is the evidence: how large a difference will be is not known before. Where the stable version stands is
/// taken from the intervals before, so the first interval that has requests of it only sets that.
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

    private SequentialComparison(ComparisonOptions options, double[] worse, double[] well, IntervalCounts seen) =>
        (_options, _worse, _well, Seen) = (options, worse, well, seen);

    /// <summary>Everything that was counted.</summary>
    public IntervalCounts Seen { get; }

    /// <summary>Evidence that the canary is worse than tolerated: 1 says nothing, 20 refutes the contrary at a rate of false alarms of 1 in 20.</summary>
    public double EvidenceOfWorse => Mean(_worse);

    /// <summary>Evidence that the canary is less than the margin worse.</summary>
    public double EvidenceOfWell => Mean(_well);

    /// <summary>What is shown. What was shown once stays shown only while the evidence lasts: whoever decides keeps the decision.</summary>
    public RolloutVerdict Verdict =>
        EvidenceOfWorse >= 1 / _options.FalseAlarms ? RolloutVerdict.Fail
        : EvidenceOfWell >= 1 / _options.FalsePasses ? RolloutVerdict.Pass
        : RolloutVerdict.NotEnoughData;

    /// <summary>A comparison before its first interval.</summary>
    public static SequentialComparison Begin(ComparisonOptions options) => new(options, new double[Excesses.Length], new double[Parts.Length], default);

    /// <summary>The comparison after one more interval.</summary>
    public SequentialComparison After(IntervalCounts counts)
    {
        if (Seen.StableTotal == 0)
        {
            return new(_options, _worse, _well, Seen + counts);
        }

        var stable = Math.Clamp((Seen.StableBad + 0.5) / (Seen.StableTotal + 1), LeastShare, 1 - LeastShare);
        return new(
            _options,
            [.. Excesses.Select((excess, index) => _worse[index] + LogEValue(counts, stable, _options.Tolerance + excess, _options.Tolerance))],
            [.. Parts.Select((part, index) => _well[index] + LogEValue(counts, stable, part * _options.Margin, _options.Margin))],
            Seen + counts);
    }

    private static double LogEValue(IntervalCounts counts, double stable, double excess, double difference)
    {
        var canary = Math.Min(stable + excess, 1 - LeastShare);
        var isOnTheOtherSide = excess > difference ? canary > stable + difference : canary < stable + difference;
        return isOnTheOtherSide ? TwoSampleEvidence.LogEValue(counts, stable, canary, difference) : 0;
    }

    private static double Mean(double[] logarithms)
    {
        var largest = logarithms.Max();
        return Math.Exp(largest) * logarithms.Average(value => Math.Exp(value - largest));
    }
}

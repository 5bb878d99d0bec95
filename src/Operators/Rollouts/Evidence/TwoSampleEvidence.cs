namespace Operators.Rollouts.Evidence;

/// <summary>
/// How strongly one interval speaks against a hypothesis about two proportions, <c>canary ≤ stable + difference</c> or
/// <c>canary ≥ stable + difference</c>: an e-value, whose expectation is at most 1 wherever the hypothesis holds, so that a product of them
/// over intervals rarely grows large there, and grows exponentially where the alternative is right.
/// </summary>
/// <remarks>
/// The likelihood ratio of the alternative to its reverse information projection on the hypothesis: R. Turner, A. Ly, P. Grünwald,
/// «Generic E-variables for exact sequential k-sample tests that allow for optional stopping», J. Stat. Plan. Inference 230 (2024), and
/// R. Turner, P. Grünwald, «Exact anytime-valid confidence intervals for contingency tables and beyond», Stat. Probab. Lett. 198 (2023).
/// Why it holds for blocks of any two sizes m and n: with the projection (s, c), the factors of one request of each side have the
/// expectations <c>1 + (S−s)(S*−s)/s(1−s)</c> and <c>1 + (C−c)(C*−c)/c(1−c)</c> under the truth (S, C). By the inequality of arithmetic and
/// geometric means the block's expectation is at most the (m+n)th power of their weighted mean, and that the derivative vanishes at the
/// projection makes that mean <c>1 + λ((C−S) − difference)/(m+n)</c>, with a λ of the sign that makes it at most 1 under the hypothesis.
/// </remarks>
internal static class TwoSampleEvidence
{
    private const double Least = 1e-9;
    private const int Halvings = 60;

    /// <summary>The natural logarithm of the interval's e-value.</summary>
    /// <param name="counts">The interval.</param>
    /// <param name="stable">Share of bad requests of the stable version under the alternative; must not depend on this interval.</param>
    /// <param name="canary">The same for the canary.</param>
    /// <param name="difference">The difference at which the hypothesis ends; the alternative lies on its other side. From 0, under 1.</param>
    public static double LogEValue(IntervalCounts counts, double stable, double canary, double difference)
    {
        if (counts.StableTotal == 0 || counts.CanaryTotal == 0)
        {
            return 0; // one side alone says nothing of a difference
        }

        var projected = Project(counts.StableTotal, counts.CanaryTotal, stable, canary, difference);
        return LogRatio(counts.StableBad, counts.StableTotal, stable, projected) + LogRatio(counts.CanaryBad, counts.CanaryTotal, canary, projected + difference);
    }

    /// <summary>The share of the stable version in the point of the hypothesis' border that is nearest to the alternative (least relative entropy).</summary>
    private static double Project(double stableTotal, double canaryTotal, double stable, double canary, double difference)
    {
        var (low, high) = (0.0, 1 - difference);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            var slope = (stableTotal * (middle - stable) / (middle * (1 - middle)))
                + (canaryTotal * (middle + difference - canary) / ((middle + difference) * (1 - middle - difference)));
            (low, high) = slope > 0 ? (low, middle) : (middle, high);
        }

        return (low + high) / 2;
    }

    private static double LogRatio(long bad, long total, double alternative, double hypothesis) =>
        (bad * Math.Log(alternative / Bounded(hypothesis))) + ((total - bad) * Math.Log((1 - alternative) / (1 - Bounded(hypothesis))));

    private static double Bounded(double share) => Math.Clamp(share, Least, 1 - Least);
}

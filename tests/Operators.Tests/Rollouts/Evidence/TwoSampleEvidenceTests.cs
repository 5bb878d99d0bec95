using CsCheck;
using Operators.Rollouts.Evidence;

namespace Operators.Tests.Rollouts.Evidence;

/// <summary>What makes an e-value one, worked out exactly over every outcome of a small interval.</summary>
public sealed class TwoSampleEvidenceTests
{
    private static readonly Gen<double> Share = Gen.Double[0.001, 0.999];
    private static readonly Gen<(int Stable, int Canary)> Sizes = Gen.Select(Gen.Int[1, 7], Gen.Int[1, 7]);

    [Fact]
    public void The_expectation_is_at_most_one_wherever_the_canary_is_no_worse_than_the_difference() =>
        Gen.Select(Sizes, Share, Share, Gen.Double[0, 0.5], Gen.Select(Share, Share)).Sample((sizes, stable, canary, difference, truth) =>
        {
            if (canary <= stable + difference || truth.Item2 > truth.Item1 + difference)
            {
                return;
            }

            Assert.InRange(Expectation(sizes, stable, canary, difference, truth), 0, 1 + 1e-6);
        });

    [Fact]
    public void The_expectation_is_at_most_one_wherever_the_canary_is_worse_by_the_difference() =>
        Gen.Select(Sizes, Share, Share, Gen.Double[0, 0.5], Gen.Select(Share, Share)).Sample((sizes, stable, canary, difference, truth) =>
        {
            if (canary >= stable + difference || truth.Item2 < truth.Item1 + difference)
            {
                return;
            }

            Assert.InRange(Expectation(sizes, stable, canary, difference, truth), 0, 1 + 1e-6);
        });

    [Fact]
    public void It_grows_where_the_alternative_is_right() =>
        Gen.Select(Sizes, Share, Share).Where((_, stable, canary) => canary > stable + 0.05).Sample((sizes, stable, canary) =>
            Assert.True(Expectation(sizes, stable, canary, 0, (stable, canary)) > 1));

    [Fact]
    public void One_side_alone_says_nothing()
    {
        Assert.Equal(0, TwoSampleEvidence.LogEValue(new(0, 0, 5, 5), 0.1, 0.5, 0));
        Assert.Equal(0, TwoSampleEvidence.LogEValue(new(5, 5, 0, 0), 0.1, 0.5, 0));
    }

    private static double Expectation((int Stable, int Canary) sizes, double stable, double canary, double difference, (double Stable, double Canary) truth)
    {
        var sum = 0.0;
        for (var a = 0; a <= sizes.Stable; a++)
        {
            for (var b = 0; b <= sizes.Canary; b++)
            {
                var chance = Binomial(sizes.Stable, a, truth.Stable) * Binomial(sizes.Canary, b, truth.Canary);
                sum += chance * Math.Exp(TwoSampleEvidence.LogEValue(new(a, sizes.Stable, b, sizes.Canary), stable, canary, difference));
            }
        }

        return sum;
    }

    private static double Binomial(int of, int chosen, double share)
    {
        var ways = 1.0;
        for (var i = 0; i < chosen; i++)
        {
            ways = ways * (of - i) / (i + 1);
        }

        return ways * Math.Pow(share, chosen) * Math.Pow(1 - share, of - chosen);
    }
}

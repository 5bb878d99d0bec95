using CsCheck;
using Operators.Rollouts.Evidence;

namespace Operators.Tests.Rollouts.Evidence;

public sealed class ShareBandTests
{
    [Fact]
    public void Without_requests_anything_is_possible() => Assert.Equal(new ShareBand(0, 1), ShareBand.Of(0, 0, 0.05));

    [Fact]
    public void The_band_holds_what_was_seen_and_narrows_with_more_of_it() =>
        Gen.Select(Gen.Long[1, 10_000], Gen.Double.Unit).Sample((total, part) =>
        {
            var bad = (long)(total * part);

            var (band, wider) = (ShareBand.Of(10 * bad, 10 * total, 0.05), ShareBand.Of(bad, total, 0.05));

            Assert.InRange((double)bad / total, band.Low, band.High);
            Assert.True(band.High - band.Low < wider.High - wider.Low);
        });

    /// <summary>Where the likelihood ratio is 20: with no bad one among n, (n + 1)(1 − p)ⁿ = 1/20.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void Its_edge_is_where_the_mixture_is_so_many_times_as_likely(int total)
    {
        var high = ShareBand.Of(0, total, 0.05).High;

        Assert.Equal(1.0 / 20, (total + 1) * Math.Pow(1 - high, total), 1e-6);
    }

    [Fact]
    public void The_true_share_seldom_leaves_the_band_however_often_one_looks()
    {
        var random = new Random(20261127);

        Assert.InRange(Enumerable.Range(0, 400).Count(_ => EverLeaves(random, 0.03)), 0, 400 * 0.05);
    }

    private static bool EverLeaves(Random random, double share)
    {
        var bad = 0;
        for (var total = 1; total <= 2000; total++)
        {
            bad += random.NextDouble() < share ? 1 : 0;
            if (total % 10 == 0 && ShareBand.Of(bad, total, 0.05) is var band && (share < band.Low || share > band.High))
            {
                return true;
            }
        }

        return false;
    }
}

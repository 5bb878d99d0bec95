using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Resources.Traffic;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Bounds = [0.1, 0.2, 0.4];

    [Theory]
    [InlineData(0.25, 0.05)] // a quarter of 8 is 2, half-way through the 4 of the first bucket
    [InlineData(0.5, 0.1)]
    [InlineData(0.75, 0.2)]
    [InlineData(0.875, 0.4)]
    [InlineData(1.0, 0.4)] // above every bound no more is known
    public void A_quantile_lies_evenly_between_two_bounds(double share, double seconds) =>
        Assert.Equal(seconds, new LatencyHistogram(Bounds, [4, 2, 1, 1]).Quantile(share)!.Value, precision: 9);

    [Fact]
    public void Nothing_has_no_quantile()
    {
        Assert.Null(LatencyHistogram.Empty.Quantile(0.5));
        Assert.Null(new LatencyHistogram(Bounds, [0, 0, 0, 0]).Quantile(0.5));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.05, 2)]
    [InlineData(0.1, 4)]
    [InlineData(0.3, 6.5)]
    [InlineData(9, 8)]
    public void It_tells_how_many_took_at_most_so_long(double seconds, double requests) =>
        Assert.Equal(requests, new LatencyHistogram(Bounds, [4, 2, 1, 1]).AtMost(seconds), precision: 9);

    [Fact]
    public void Counts_that_do_not_fit_the_bounds_are_refused() =>
        Assert.Throws<ArgumentException>(() => new LatencyHistogram(Bounds, [1, 2, 3]));

    /// <summary>Also of two that are cut otherwise: nothing is lost or made, and both tell the same at every bound.</summary>
    [Fact]
    public void Two_together_are_the_sum_of_both()
    {
        var histogram = Gen.Select(Gen.Int[1, 60].Array[1, 6], Gen.Int[0, 50].Array[7]).Select((cuts, counts) =>
        {
            double[] bounds = [.. cuts.Distinct().Order().Select(cut => cut / 10d)];
            return new LatencyHistogram(bounds, [.. counts.Take(bounds.Length + 1).Select(count => (double)count)]);
        });
        Gen.Select(histogram, histogram).Sample((a, b) =>
        {
            var both = a.With(b);
            Assert.Equal(a.Total + b.Total, both.Total, precision: 6);
            foreach (var bound in a.Bounds.Intersect(b.Bounds).Where(bound => bound < a.Bounds[^1] && bound < b.Bounds[^1]))
            {
                Assert.Equal(a.AtMost(bound) + b.AtMost(bound), both.AtMost(bound), precision: 6);
            }
        });
    }
}

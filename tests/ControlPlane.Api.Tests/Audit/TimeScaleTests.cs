using ControlPlane.Api.Audit;
using CsCheck;

namespace ControlPlane.Api.Tests.Audit;

public sealed class TimeScaleTests
{
    private static readonly DateTimeOffset Start = new(2019, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_stretches_follow_each_other_cover_the_period_and_are_few() =>
        Gen.Select(Gen.Double[0, 3000], Gen.Double[0, 3000]).Sample((begin, days) =>
        {
            var (from, to) = (Start.AddDays(begin), Start.AddDays(begin + days));

            var buckets = TimeScale.Of(from, to).Buckets().ToList();

            Assert.InRange(buckets.Count, 1, TimeScale.MostBuckets);
            Assert.True(buckets[0].Start <= from && buckets[^1].End >= to);
            Assert.All(buckets.Zip(buckets.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        });

    [Fact]
    public void Days_begin_at_midnight_of_India() =>
        Assert.Equal(new TimeSpan(18, 30, 0), TimeScale.Floor(Start.AddHours(5), TimeSpan.FromDays(1)).TimeOfDay);
}

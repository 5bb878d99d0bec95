using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using CsCheck;
using Operators.Rollouts.Evidence;

namespace Operators.Tests.Rollouts.Evidence;

public sealed class IntervalScheduleTests
{
    private static readonly TimeSpan Declared = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, 240)]
    [InlineData(6, 194)]
    [InlineData(48, 28)]
    [InlineData(256, 16)]
    public void The_more_is_measured_the_fewer_intervals_are_kept(int series, int places) => Assert.Equal(places, IntervalSchedule.Places(series));

    [Fact]
    public void Intervals_have_the_declared_length_at_first_and_grow_as_places_get_few()
    {
        var lengths = Lengths(series: 1).Take(239).ToList();

        Assert.All(lengths.Take(48), length => Assert.Equal(Declared, length));
        Assert.InRange(Elapsed(lengths, 120), TimeSpan.FromHours(2), TimeSpan.FromHours(3));
        Assert.True(lengths[120] < TimeSpan.FromMinutes(7));
        Assert.True(Elapsed(lengths, 239) > TimeSpan.FromDays(3650));
    }

    [Fact]
    public void A_status_stays_small_however_much_is_measured_for_however_long() => Gen.Int[1, 64].Sample(
        series =>
        {
            var places = IntervalSchedule.Places(series);
            var counts = Enumerable.Repeat(new IntervalCounts(21, 30_600, 12, 3_400).ToString(), places).ToList();
            var evidence = new RolloutEvidence
            {
                Intervals = [.. Enumerable.Range(0, places).Select(at => new EvidenceInterval { From = 100_000 + at, To = 100_001 + at })],
                Metrics = [.. Enumerable.Range(0, series).Select(_ => new MetricEvidence { Counts = counts })],
            };

            Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(evidence, KubeJson.Options).Length, 0, 60_000);
        },
        iter: 20);

    private static IEnumerable<TimeSpan> Lengths(int series)
    {
        var elapsed = TimeSpan.Zero;
        for (var kept = 0; ; kept++)
        {
            var next = IntervalSchedule.Next(Declared, elapsed, kept, series);
            elapsed += next;
            yield return next;
        }
    }

    private static TimeSpan Elapsed(List<TimeSpan> lengths, int intervals) => lengths.Take(intervals).Aggregate(TimeSpan.Zero, static (sum, length) => sum + length);
}

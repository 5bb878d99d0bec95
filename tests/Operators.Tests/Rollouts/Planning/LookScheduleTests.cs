using Operators.Rollouts.Planning;

namespace Operators.Tests.Rollouts.Planning;

public sealed class LookScheduleTests
{
    [Theory]
    [InlineData(null, null, false, 15)] // holds
    [InlineData(null, null, true, 5)] // a weight that is not seen yet
    [InlineData(null, 8d, false, 8)] // the interval of evidence ends
    [InlineData(null, 600d, false, 15)]
    [InlineData(3d, 8d, false, 3)] // the plan wants it sooner
    [InlineData(60d, 8d, true, 5)]
    [InlineData(0.2, null, false, 1)] // and not more often than once a second
    [InlineData(null, 0.2, false, 1)]
    [InlineData(null, -7d, false, 5)] // a source that is behind is not asked without pause
    [InlineData(null, 0d, false, 5)]
    [InlineData(null, -7d, true, 5)]
    public void The_next_look_is_the_first_that_is_needed(double? planned, double? due, bool waitsForTraffic, double next) =>
        Assert.Equal(TimeSpan.FromSeconds(next), LookSchedule.Next(Seconds(planned), Seconds(due), waitsForTraffic));

    private static TimeSpan? Seconds(double? number) => number is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}

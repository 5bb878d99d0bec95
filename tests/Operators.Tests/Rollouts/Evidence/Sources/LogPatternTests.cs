using Operators.Rollouts.Evidence.Sources;

namespace Operators.Tests.Rollouts.Evidence.Sources;

public sealed class LogPatternTests
{
    private static readonly DateTimeOffset From = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-28T06:00:01.123456789Z panic: index out of range\n2026-11-28T06:00:02Z ok\n2026-11-28T06:00:03Z deadlock and panic", 2)]
    [InlineData("2026-11-28T05:59:59.999Z panic\n2026-11-28T06:00:00Z panic\n2026-11-28T06:00:30Z panic", 1)]
    [InlineData("panic without a time\n\n2026-11-28T06:00:01Z", 0)]
    [InlineData("", 0)]
    public void A_line_of_the_time_counts_once_that_a_pattern_matches(string log, long matches) =>
        Assert.Equal(matches, LogPatternSource.Count(log, From, From + TimeSpan.FromSeconds(30), [LogPatternSource.Compile("panic"), LogPatternSource.Compile("^dead")]).Matches);
}

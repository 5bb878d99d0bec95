using LocalCluster.Tables;

namespace LocalCluster.Tests.Tables;

public sealed class HumanDurationTests
{
    [Theory]
    [InlineData(-5, "<invalid>")]
    [InlineData(-0.5, "0s")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(10_799, "179m")]
    [InlineData(10_800, "3h")]
    [InlineData(28_740, "7h59m")]
    [InlineData(172_799, "47h")]
    [InlineData(172_800, "2d")]
    [InlineData(180_000, "2d2h")]
    [InlineData(691_200, "8d")]
    [InlineData(63_072_000, "2y")]
    [InlineData(63_158_400, "2y1d")]
    [InlineData(252_288_000, "8y")]
    public void A_duration_is_shown_in_at_most_two_units(double seconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));
}

using Gateway.Routing;

namespace Gateway.Tests.Routing;

public sealed class GatewayDurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h1m1s1ms", 3_661_001)]
    [InlineData("99999s", 99_999_000)]
    public void What_the_API_calls_a_duration_is_one(string text, int milliseconds)
    {
        Assert.True(GatewayDuration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("1.5s")]
    [InlineData("-1s")]
    [InlineData("100000s")]
    [InlineData("1d")]
    [InlineData("1h1h1h1h1h")]
    public void Anything_else_is_none(string text) => Assert.False(GatewayDuration.TryParse(text, out _));
}

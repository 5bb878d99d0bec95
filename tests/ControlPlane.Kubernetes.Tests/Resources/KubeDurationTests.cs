using ControlPlane.Kubernetes.Resources;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Resources;

public sealed class KubeDurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("1m", 60_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData("99999s", 99_999_000)]
    public void A_duration_is_the_sum_of_its_parts(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), KubeDuration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("1d")]
    [InlineData(" 1s")]
    [InlineData("1s ")]
    [InlineData("1s\n")]
    [InlineData("100000s")]
    [InlineData("1s1s1s1s1s")]
    public void Anything_else_is_none(string text) => Assert.Null(KubeDuration.Parse(text));

    [Fact]
    public void Whatever_one_types_is_answered() => Gen.String["0159hms .-"].Sample(text => KubeDuration.Parse(text) is null or { Ticks: >= 0 });
}

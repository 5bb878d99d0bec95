using Operators.Registry;

namespace Operators.Tests.Registry;

public sealed class ImageVersionTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("fleet/order:1.4.0", "1.4.0")]
    [InlineData("registry.example.com:5000/fleet/order:1.4.0", "1.4.0")]
    [InlineData("registry.example.com:5000/fleet/order", "latest")]
    [InlineData("order", "latest")]
    [InlineData($"fleet/order@{Digest}", "0123456789ab")]
    [InlineData($"registry.example.com:5000/fleet/order@{Digest}", "0123456789ab")]
    [InlineData($"fleet/order:1.4.0@{Digest}", "1.4.0")]
    [InlineData("fleet/order@sha256:0123", "0123")]
    [InlineData("", "latest")]
    public void The_version_is_the_tag_else_the_digest_else_latest(string image, string version) => Assert.Equal(version, ImageVersion.Of(image));

    [Theory]
    [InlineData("fleet/order:1.4.0", "1.4.0")]
    [InlineData("fleet/order:_build", null)]
    [InlineData(null, null)]
    public void A_version_that_no_label_can_hold_becomes_no_label(string? image, string? label) => Assert.Equal(label, ImageVersion.LabelValue(image));

    [Fact]
    public void A_version_longer_than_a_label_becomes_no_label()
    {
        Assert.Equal(new string('a', 63), ImageVersion.LabelValue($"order:{new string('a', 63)}"));
        Assert.Null(ImageVersion.LabelValue($"order:{new string('a', 64)}"));
    }
}

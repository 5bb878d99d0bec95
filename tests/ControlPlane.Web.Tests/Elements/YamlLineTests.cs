using ControlPlane.Web.Elements;
using CsCheck;

namespace ControlPlane.Web.Tests.Elements;

public class YamlLineTests
{
    [Fact]
    public void The_parts_of_a_line_are_the_line() => Gen.String[Gen.Char["ab:# -\"'{[\t"], 0, 20].Sample(text =>
        Assert.Equal(text, string.Concat(YamlLine.Of(text).Select(line => line.Indent + line.Key + line.Rest))));

    [Theory]
    [InlineData("  - name: order", "  - ", "name:", " order")]
    [InlineData("image: fleet/order:1.0", "", "image:", " fleet/order:1.0")]
    [InlineData("\"a: b\": c", "", "\"a: b\":", " c")]
    [InlineData("- http://order:8080", "- ", "", "http://order:8080")]
    public void A_key_is_told_from_its_value(string line, string indent, string key, string rest) =>
        Assert.Equal(new YamlLine(indent, key, rest), Assert.Single(YamlLine.Of(line)));

    [Fact]
    public void A_comment_is_no_key() => Assert.True(Assert.Single(YamlLine.Of("# owner: nobody")).IsComment);
}

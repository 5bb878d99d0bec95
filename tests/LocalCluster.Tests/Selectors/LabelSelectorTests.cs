using System.Text.Json.Nodes;
using LocalCluster.Selectors;

namespace LocalCluster.Tests.Selectors;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web", ["tier"] = "front", ["size"] = "5", ["empty"] = "" };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web,tier!=back", true)]
    [InlineData("app=db", false)]
    [InlineData("app!=web", false)]
    [InlineData("missing!=web", true)]
    [InlineData("app in (web, db)", true)]
    [InlineData("app in (db)", false)]
    [InlineData("app notin (db,cache),tier", true)]
    [InlineData("missing notin (a)", true)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData("!missing", true)]
    [InlineData("size>4", true)]
    [InlineData("size>5", false)]
    [InlineData("size<6", true)]
    [InlineData("app>1", false)]
    [InlineData("empty=", true)]
    [InlineData("app=", false)]
    [InlineData("empty in (,a)", true)]
    public void Every_operator_matches_as_in_Kubernetes(string selector, bool expected) =>
        Assert.Equal(expected, LabelSelector.Parse(selector).Matches(Labels));

    [Theory]
    [InlineData("a=b,")]
    [InlineData("a in b")]
    [InlineData("a in (b")]
    [InlineData("=b")]
    [InlineData("a ~ b")]
    [InlineData("-bad=b")]
    [InlineData("a=b c")]
    [InlineData("a>x")]
    [InlineData("a=-bad-")]
    public void What_is_no_selector_is_refused(string selector) => Assert.Throws<FormatException>(() => LabelSelector.Parse(selector));

    [Fact]
    public void The_form_of_specs_means_the_same()
    {
        var selector = LabelSelector.Read(JsonNode.Parse(
            """{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["front"]},{"key":"x","operator":"DoesNotExist"}]}""")!.AsObject());

        Assert.True(selector.Matches(Labels));
        Assert.False(selector.Matches(new Dictionary<string, string> { ["app"] = "web", ["tier"] = "front", ["x"] = "" }));
    }
}

using System.Text.Json.Nodes;
using LocalCluster.Tables;

namespace LocalCluster.Tests.Tables;

public sealed class JsonPathTests
{
    private static readonly JsonNode Document = JsonNode.Parse(
        """
        {"metadata":{"name":"a","annotations":{"a.b/c":"x"}},
         "status":{"conditions":[{"type":"Ready","status":"True"},{"type":"Stalled","status":"False"}],"replicas":3},
         "spec":{"ports":[{"port":80},{"port":443}]}}
        """)!;

    [Theory]
    [InlineData(".metadata.name", "a")]
    [InlineData(".status.replicas", "3")]
    [InlineData(".status.conditions[?(@.type==\"Ready\")].status", "True")]
    [InlineData(".status.conditions[?(@.type=='Stalled')].status", "False")]
    [InlineData(".status.conditions[?(@.type!=\"Ready\")].type", "Stalled")]
    [InlineData(".spec.ports[0].port", "80")]
    [InlineData(".spec.ports[-1].port", "443")]
    [InlineData(".spec.ports[*].port", "80 443")]
    [InlineData(".spec.ports[?(@.port>100)].port", "443")]
    [InlineData(".metadata.annotations['a.b/c']", "x")]
    [InlineData(".metadata.annotations.a\\.b/c", "x")]
    [InlineData(".missing.name", "")]
    [InlineData(".spec.ports[7].port", "")]
    [InlineData(".metadata.name.deeper", "")]
    public void A_path_finds_values(string path, string expected) =>
        Assert.Equal(expected, string.Join(' ', JsonPath.Parse(path).Find(Document).Select(n => n.ToString())));

    [Theory]
    [InlineData("spec")]
    [InlineData(".spec..x")]
    [InlineData(".spec[")]
    [InlineData(".spec[1:2]")]
    [InlineData(".spec[?(type)]")]
    public void What_is_no_path_is_refused(string path) => Assert.Throws<FormatException>(() => JsonPath.Parse(path));
}

using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LocalCluster.Api;
using YamlDotNet.Core;

namespace LocalCluster.Tests.Api;

public sealed class YamlTests
{
    [Theory]
    [InlineData("a: yes", """{"a":true}""")]
    [InlineData("a: 'yes'", """{"a":"yes"}""")]
    [InlineData("a: 0x1f", """{"a":31}""")]
    [InlineData("a: 010", """{"a":8}""")]
    [InlineData("a: 1.5e3", """{"a":1500}""")]
    [InlineData("a: ~\nb:", """{"a":null,"b":null}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: 2026-01-01", """{"a":"2026-01-01"}""")]
    [InlineData("a: !!str 5", """{"a":"5"}""")]
    [InlineData("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("- a\n- {b: [1, 2]}", """["a",{"b":[1,2]}]""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    public void Scalars_are_those_of_YAML_1_1(string yaml, string json) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), Read(yaml)), Read(yaml)?.ToJsonString());

    [Theory]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: [1")]
    [InlineData("a: *missing")]
    public void What_is_malformed_is_refused(string yaml) => Assert.ThrowsAny<YamlException>(() => Read(yaml));

    [Fact]
    public void Deep_nesting_is_refused_rather_than_overflowing() =>
        Assert.ThrowsAny<YamlException>(() => Read(new string('[', 1_000_000)));

    [Fact]
    public void What_is_written_is_read_back() => GenJson.Object.Sample(json =>
        Assert.True(JsonNode.DeepEquals(json, Read(YamlWriter.Write(json))), YamlWriter.Write(json)));

    private static JsonNode? Read(string yaml) => YamlReader.Read(Encoding.UTF8.GetBytes(yaml));
}

using System.Text.Json.Nodes;
using LocalCluster.Applying;

namespace LocalCluster.Tests.Applying;

public sealed class MergingTests
{
    [Theory]
    [InlineData("""{"number":1,"nested":{"a":"x"}}""", """{"nested":{"b":"y"}}""", """{"number":1,"nested":{"a":"x","b":"y"}}""")]
    [InlineData("""{"granular":{"a":"1"}}""", """{"granular":{"b":"2"}}""", """{"granular":{"a":"1","b":"2"}}""")]
    [InlineData("""{"atomic":{"a":"1"}}""", """{"atomic":{"b":"2"}}""", """{"atomic":{"b":"2"}}""")]
    [InlineData("""{"set":["a","b"]}""", """{"set":["c","b"]}""", """{"set":["a","c","b"]}""")]
    [InlineData("""{"atomicList":["a"]}""", """{"atomicList":["b"]}""", """{"atomicList":["b"]}""")]
    [InlineData("""{"list":[{"name":"a","value":"1"},{"name":"b"}]}""", """{"list":[{"name":"b","value":"2"},{"name":"a","other":"3"}]}""", """{"list":[{"name":"b","value":"2"},{"name":"a","value":"1","other":"3"}]}""")]
    [InlineData("""{"list":[{"name":"x"},{"name":"a"},{"name":"y"}]}""", """{"list":[{"name":"a","value":"1"},{"name":"n"}]}""", """{"list":[{"name":"x"},{"name":"a","value":"1"},{"name":"y"},{"name":"n"}]}""")]
    [InlineData("""{"ports":[{"port":1,"name":"a"}]}""", """{"ports":[{"port":1,"protocol":"TCP","name":"b"}]}""", """{"ports":[{"port":1,"protocol":"TCP","name":"b"}]}""")]
    [InlineData("""{"anything":{"l":[1],"m":{"a":1}}}""", """{"anything":{"l":[2],"m":{"b":2}}}""", """{"anything":{"l":[2],"m":{"a":1,"b":2}}}""")]
    public void Each_type_merges_in_its_own_way(string live, string config, string expected)
    {
        var merged = Merging.Merge(JsonNode.Parse(live), JsonNode.Parse(config), MergeSchemas.Kind);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), merged), merged?.ToJsonString());
    }
}

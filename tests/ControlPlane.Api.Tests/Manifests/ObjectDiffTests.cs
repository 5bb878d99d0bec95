using System.Text.Json.Nodes;
using ControlPlane.Api.Manifests;

namespace ControlPlane.Api.Tests.Manifests;

public sealed class ObjectDiffTests
{
    [Theory]
    [InlineData("""{"spec":{"replicas":2}}""", """{"spec":{"replicas":3}}""", "spec.replicas: 2 -> 3")]
    [InlineData("""{"spec":{"replicas":2}}""", """{"spec":{}}""", "spec.replicas: 2 -> ")]
    [InlineData("""{"spec":{"args":["a","b"]}}""", """{"spec":{"args":["a","c"]}}""", "spec.args[1]: \"b\" -> \"c\"")]
    [InlineData("""{"spec":{"args":["a"]}}""", """{"spec":{"args":["a","c"]}}""", """spec.args: ["a"] -> ["a","c"]""")]
    [InlineData("""{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"a":"1","b":"2"}}}""", "metadata.labels.b:  -> \"2\"")]
    public void Each_field_that_differs_is_told(string before, string after, string difference) => Assert.Equal([difference], Fields(before, after));

    [Theory]
    [InlineData("""{"spec":{"a":1,"b":2}}""", """{"spec":{"b":2,"a":1}}""")]
    [InlineData("""{"status":{"ready":1}}""", """{"status":{"ready":2}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"1","generation":1,"managedFields":[]}}""", """{"metadata":{"resourceVersion":"2","generation":2}}""")]
    [InlineData("""{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"}}}""", """{"metadata":{}}""")]
    public void What_the_API_server_and_kubectl_keep_for_themselves_is_no_difference(string before, string after)
    {
        var diff = Of(before, after);

        Assert.Empty(diff.Fields);
        Assert.Equal("", diff.Unified);
    }

    [Fact]
    public void An_object_that_comes_or_goes_differs_as_a_whole()
    {
        Assert.Equal("+spec:\n+  replicas: 2\n", Unified(null, """{"spec":{"replicas":2}}"""));
        Assert.Equal("-spec:\n-  replicas: 2\n", Unified("""{"spec":{"replicas":2}}""", null));
    }

    [Fact]
    public void Three_lines_around_a_change_are_shown_and_the_rest_is_left_out()
    {
        static string Object(string e) => $$"""{"spec":{"a":1,"b":2,"c":3,"d":4,"e":{{e}},"f":6,"g":7,"h":8,"i":9} }""";

        Assert.Equal("   b: 2\n   c: 3\n   d: 4\n-  e: 5\n+  e: 55\n   f: 6\n   g: 7\n   h: 8\n…\n", Unified(Object("5"), Object("55")));
    }

    [Fact]
    public void The_values_of_secrets_are_not_shown_only_that_they_differ()
    {
        var diff = Of(
            """{"kind":"Secret","data":{"same":"c2FtZQ==","other":"b2xk"},"stringData":{"gone":"plain"}}""", """{"kind":"Secret","data":{"same":"c2FtZQ==","other":"bmV3"}}""");

        Assert.Equal(["data.other: \"(hidden)\" -> \"(hidden, changed)\"", "stringData: {\"gone\":\"(hidden)\"} -> "], Text(diff));
        foreach (var secret in (string[])["c2FtZQ", "b2xk", "bmV3", "plain"])
        {
            Assert.DoesNotContain(secret, $"{diff.Unified}{diff.Before}{diff.After}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_compared_objects_are_left_as_they_are()
    {
        var secret = JsonNode.Parse("""{"kind":"Secret","metadata":{"uid":"1"},"data":{"a":"b2xk"},"status":{}}""")!.AsObject();
        var before = secret.ToJsonString();

        ObjectDiff.Of(secret, secret);
        ObjectDiff.Presentable(secret);

        Assert.Equal(before, secret.ToJsonString());
    }

    private static ObjectDiff Of(string? before, string? after) => ObjectDiff.Of(Parse(before), Parse(after));

    private static string Unified(string? before, string? after) => Of(before, after).Unified;

    private static IEnumerable<string> Fields(string before, string after) => Text(Of(before, after));

    private static IEnumerable<string> Text(ObjectDiff diff) => diff.Fields.Select(field => $"{field.Path}: {field.Before} -> {field.After}");

    private static JsonObject? Parse(string? json) => json is null ? null : JsonNode.Parse(json)!.AsObject();
}

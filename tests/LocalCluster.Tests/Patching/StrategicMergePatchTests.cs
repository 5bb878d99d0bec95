using System.Text.Json.Nodes;
using LocalCluster.Patching;
using LocalCluster.Schemas;

namespace LocalCluster.Tests.Patching;

public sealed class StrategicMergePatchTests
{
    private static readonly SchemaNode Deployment = BuiltInSchemas.Find("apps/v1", "Deployment")!;
    private static readonly SchemaNode Pod = BuiltInSchemas.Find("v1", "Pod")!;

    [Fact]
    public void Containers_are_merged_by_name() => Check(
        Pod,
        """{"spec":{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}]}}""",
        """{"spec":{"containers":[{"name":"b","image":"b:2"},{"name":"c","image":"c:1"}]}}""",
        """{"spec":{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:2"},{"name":"c","image":"c:1"}]}}""");

    [Fact]
    public void A_directive_deletes_an_item() => Check(
        Pod,
        """{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""",
        """{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}""",
        """{"spec":{"containers":[{"name":"b"}]}}""");

    [Fact]
    public void A_directive_replaces_a_list() => Check(
        Pod,
        """{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""",
        """{"spec":{"containers":[{"$patch":"replace"},{"name":"c"}]}}""",
        """{"spec":{"containers":[{"name":"c"}]}}""");

    [Fact]
    public void A_directive_replaces_an_object() => Check(
        Deployment,
        """{"metadata":{"labels":{"a":"1","b":"2"}}}""",
        """{"metadata":{"labels":{"$patch":"replace","c":"3"}}}""",
        """{"metadata":{"labels":{"c":"3"}}}""");

    [Fact]
    public void A_null_removes_a_field() => Check(
        Deployment, """{"metadata":{"labels":{"a":"1","b":"2"}}}""", """{"metadata":{"labels":{"a":null}}}""", """{"metadata":{"labels":{"b":"2"}}}""");

    [Fact]
    public void Retained_keys_clear_what_belongs_to_another_choice() => Check(
        Deployment,
        """{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}""",
        """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""",
        """{"spec":{"strategy":{"type":"Recreate"}}}""");

    [Fact]
    public void Values_are_deleted_from_a_list_of_values() => Check(
        Pod,
        """{"metadata":{"finalizers":["a/x","b/x","c/x"]}}""",
        """{"metadata":{"$deleteFromPrimitiveList/finalizers":["b/x"]}}""",
        """{"metadata":{"finalizers":["a/x","c/x"]}}""");

    [Fact]
    public void Values_are_added_to_a_list_of_values_once() => Check(
        Pod, """{"metadata":{"finalizers":["a/x"]}}""", """{"metadata":{"finalizers":["b/x","a/x"]}}""", """{"metadata":{"finalizers":["b/x","a/x"]}}""");

    [Fact]
    public void The_patch_orders_its_items_and_others_keep_their_place() => Check(
        Pod,
        """{"spec":{"containers":[{"name":"a"},{"name":"mine"},{"name":"b"}]}}""",
        """{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","image":"x"}]}}""",
        """{"spec":{"containers":[{"name":"mine"},{"name":"b"},{"name":"a","image":"x"}]}}""");

    [Fact]
    public void Lists_without_a_merge_strategy_are_replaced() => Check(
        Pod,
        """{"spec":{"containers":[{"name":"a","args":["1","2"]}]}}""",
        """{"spec":{"containers":[{"name":"a","args":["3"]}]}}""",
        """{"spec":{"containers":[{"name":"a","args":["3"]}]}}""");

    [Theory]
    [InlineData("""{"spec":{"containers":[{"image":"x"}]}}""")]
    [InlineData("""{"spec":{"$patch":"frobnicate"}}""")]
    [InlineData("""{"spec":{"strategy":{"$retainKeys":["type"],"rollingUpdate":{}}}}""")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":"x"}}""")]
    public void A_patch_that_does_not_fit_is_refused(string patch) => Assert.Throws<PatchException>(() => StrategicMergePatch.Apply(
        JsonNode.Parse("""{"metadata":{"finalizers":["x"]},"spec":{"containers":[{"name":"a"}],"strategy":{}}}""")!.AsObject(),
        JsonNode.Parse(patch)!.AsObject(),
        Pod));

    private static void Check(SchemaNode schema, string document, string patch, string expected)
    {
        var patched = StrategicMergePatch.Apply(JsonNode.Parse(document)!.AsObject(), JsonNode.Parse(patch)!.AsObject(), schema);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), patched), patched.ToJsonString());
    }
}

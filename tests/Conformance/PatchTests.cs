using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class PatchTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string TwoContainers = """[{"name": "web", "image": "web:1", "args": ["a"]}, {"name": "side", "image": "side:1"}]""";

    [Fact]
    public async Task Json_patch_does_its_operations_in_order()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", """{"one": "1", "two": "2"}""", """, "annotations": {"a/b": "3"}"""));

        var patched = await ConfigMaps.PatchAsync("a", """
            [
              {"op": "test", "path": "/data/one", "value": "1"},
              {"op": "replace", "path": "/data/one", "value": "uno"},
              {"op": "copy", "from": "/data/one", "path": "/data/four"},
              {"op": "move", "from": "/data/two", "path": "/data/five"},
              {"op": "remove", "path": "/metadata/annotations/a~1b"},
              {"op": "add", "path": "/metadata/labels", "value": {"x": "y"}}
            ]
            """, Collection.JsonPatch);

        Assert.Equal("""{"five":"2","four":"uno","one":"uno"}""", patched.Expect(HttpStatusCode.OK).Body.Json("data"));
        Assert.Equal("y", patched.Text("metadata.labels.x"));
        Assert.Null(patched.At("metadata.annotations"));
    }

    [Theory]
    [InlineData("""[{"op": "test", "path": "/data/key", "value": "other"}, {"op": "remove", "path": "/data/key"}]""", HttpStatusCode.UnprocessableEntity, "Invalid")]
    [InlineData("""[{"op": "remove", "path": "/data/missing"}]""", HttpStatusCode.UnprocessableEntity, "Invalid")]
    [InlineData("""[{"op": "dance", "path": "/data/key"}]""", HttpStatusCode.UnprocessableEntity, "Invalid")]
    [InlineData("""[{"op": "remove", "path": "data"}]""", HttpStatusCode.UnprocessableEntity, "Invalid")]
    [InlineData("[1]", HttpStatusCode.BadRequest, "BadRequest")]
    [InlineData("""{"op": "remove"}""", HttpStatusCode.BadRequest, "BadRequest")]
    [InlineData("nonsense", HttpStatusCode.BadRequest, "BadRequest")]
    public async Task A_json_patch_that_does_not_apply_changes_nothing(string patch, HttpStatusCode code, string reason)
    {
        await ConfigMaps.CreateAsync(ConfigMap("a"));

        (await ConfigMaps.PatchAsync("a", patch, Collection.JsonPatch)).ExpectFailure(code, reason);

        Assert.Equal("""{"key":"value"}""", (await ConfigMaps.GetAsync("a")).Body.Json("data"));
    }

    [Fact]
    public async Task Merge_patch_sets_what_it_names_and_removes_what_it_nulls()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", """{"one": "1", "two": "2"}"""));

        var patched = await ConfigMaps.PatchAsync("a", """{"data": {"two": null, "three": "3"}}""");

        Assert.Equal("""{"one":"1","three":"3"}""", patched.Expect(HttpStatusCode.OK).Body.Json("data"));
    }

    [Fact]
    public async Task Merge_patch_replaces_lists()
    {
        await Deployments.CreateAsync(Deployment("a", TwoContainers));

        var patched = await Deployments.PatchAsync("a", """{"spec": {"template": {"spec": {"containers": [{"name": "new", "image": "new:1"}]}}}}""");

        Assert.Equal(["new"], Containers(patched).Select(c => c.Name));
    }

    [Fact]
    public async Task Strategic_merge_patch_merges_lists_by_key()
    {
        await Deployments.CreateAsync(Deployment("a", TwoContainers));

        var patched = await StrategicAsync("""{"containers": [{"name": "web", "image": "web:2"}, {"name": "new", "image": "new:1"}]}""");

        Assert.Equal([("new", "new:1"), ("side", "side:1"), ("web", "web:2")], Containers(patched).Order());
    }

    [Fact]
    public async Task Strategic_merge_patch_deletes_and_replaces_on_demand()
    {
        await Deployments.CreateAsync(Deployment("a", TwoContainers));

        var deleted = await StrategicAsync("""{"containers": [{"name": "side", "$patch": "delete"}]}""");
        Assert.Equal([("web", "web:1")], Containers(deleted));

        var replaced = await StrategicAsync("""{"containers": [{"$patch": "replace"}, {"name": "only", "image": "only:1"}]}""");
        Assert.Equal([("only", "only:1")], Containers(replaced));
    }

    [Fact]
    public async Task Strategic_merge_patch_orders_lists_on_demand()
    {
        await Deployments.CreateAsync(Deployment("a", TwoContainers));

        var patched = await StrategicAsync("""{"$setElementOrder/containers": [{"name": "side"}, {"name": "web"}], "containers": [{"name": "web", "image": "web:2"}]}""");

        Assert.Equal([("side", "side:1"), ("web", "web:2")], Containers(patched));
    }

    [Fact]
    public async Task Strategic_merge_patch_removes_from_lists_of_values()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", metadata: """, "finalizers": ["example.com/one", "example.com/two"]"""));

        var patched = await ConfigMaps.PatchAsync(
            "a", """{"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/one"], "finalizers": ["example.com/three"]}}""", Collection.StrategicMergePatch);

        Assert.Equal("""["example.com/three","example.com/two"]""", patched.Expect(HttpStatusCode.OK).Body.Json("metadata.finalizers"));
        await ConfigMaps.PatchAsync("a", """{"metadata": {"finalizers": null}}""");
    }

    [Fact]
    public async Task Strategic_merge_patch_keeps_only_the_fields_it_is_told_to()
    {
        await Deployments.CreateAsync(Deployment("a"));

        var patched = await Deployments.PatchAsync(
            "a", """{"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}""", Collection.StrategicMergePatch);

        Assert.Equal("""{"type":"Recreate"}""", patched.Expect(HttpStatusCode.OK).Body.Json("spec.strategy"));
    }

    [Fact]
    public async Task Custom_kinds_take_no_strategic_merge_patch()
    {
        await Widgets.CreateAsync(Widget("a"));

        var refused = await Widgets.PatchAsync("a", """{"spec": {"replicas": 2}}""", Collection.StrategicMergePatch);

        refused.ExpectFailure(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType");
    }

    [Fact]
    public async Task An_unknown_kind_of_patch_is_refused() =>
        (await ConfigMaps.PatchAsync("a", "{}", "application/json")).ExpectFailure(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType");

    [Fact]
    public async Task A_patch_can_not_make_an_object_invalid()
    {
        await Deployments.CreateAsync(Deployment("a"));

        var refused = (await Deployments.PatchAsync("a", """{"spec": {"replicas": -1}}""")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");

        Assert.Equal("spec.replicas", refused.Text("details.causes.0.field"));
        Assert.Equal("0", (await Deployments.GetAsync("a")).Text("spec.replicas"));
    }

    [Theory]
    [InlineData("""{"metadata": {"name": "b"}}""", "the name of the object (b) does not match the name on the URL (a)")]
    [InlineData("""{"metadata": {"namespace": "b"}}""", "the namespace of the provided object does not match the namespace sent on the request")]
    public async Task A_patch_can_not_change_who_an_object_is(string patch, string message)
    {
        await ConfigMaps.CreateAsync(ConfigMap("a"));

        var refused = (await ConfigMaps.PatchAsync("a", patch)).ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");

        Assert.Equal(message, refused.Text("message"));
    }

    private Task<Answer> StrategicAsync(string podSpec) =>
        Deployments.PatchAsync("a", $$"""{"spec": {"template": {"spec": {{podSpec}} } } }""", Collection.StrategicMergePatch);

    private static IReadOnlyList<(string Name, string Image)> Containers(Answer deployment) =>
        [.. deployment.Expect(HttpStatusCode.OK).At("spec.template.spec.containers")!.AsArray().Select(c => (c.Text("name")!, c.Text("image")!))];
}

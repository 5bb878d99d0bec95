using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class FinalizerTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string Held = """, "finalizers": ["example.com/hold"]""";

    [Fact]
    public async Task A_deleted_object_stays_until_its_last_finalizer_is_removed()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", metadata: Held));

        var deleting = (await ConfigMaps.DeleteAsync("a")).Expect(HttpStatusCode.OK);
        Assert.Equal("ConfigMap", deleting.Text("kind"));
        Assert.NotNull(deleting.At("metadata.deletionTimestamp"));
        Assert.Equal("0", deleting.Text("metadata.deletionGracePeriodSeconds"));
        Assert.NotNull((await ConfigMaps.GetAsync("a")).Expect(HttpStatusCode.OK).At("metadata.deletionTimestamp"));

        (await ConfigMaps.PatchAsync("a", """{"metadata": {"finalizers": null}}""")).Expect(HttpStatusCode.OK);
        (await ConfigMaps.GetAsync("a")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Watchers_see_first_the_deletion_and_then_the_end()
    {
        var created = await ConfigMaps.CreateAsync(ConfigMap("a", metadata: Held));
        using var watch = await ConfigMaps.WatchAsync($"fieldSelector=metadata.name%3Da&resourceVersion={created.ResourceVersion}");

        await ConfigMaps.DeleteAsync("a");
        await ConfigMaps.PatchAsync("a", """{"metadata": {"finalizers": null}}""");

        var changes = await watch.NextAsync(2);
        Assert.Equal(["MODIFIED", "DELETED"], changes.Select(c => c.Type));
        Assert.NotNull(changes[0].Object.At("metadata.deletionTimestamp"));
    }

    [Fact]
    public async Task No_finalizer_is_added_to_what_is_being_deleted()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", metadata: Held));
        await ConfigMaps.DeleteAsync("a");

        var refused = await ConfigMaps.PatchAsync("a", """{"metadata": {"finalizers": ["example.com/hold", "example.com/more"]}}""");

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Equal("metadata.finalizers", refused.Text("details.causes.0.field"));
        await ConfigMaps.PatchAsync("a", """{"metadata": {"finalizers": null}}""");
    }

    [Fact]
    public async Task Other_changes_are_still_possible()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", metadata: Held));
        await ConfigMaps.DeleteAsync("a");

        (await ConfigMaps.PatchAsync("a", """{"data": {"key": "2"}, "metadata": {"deletionTimestamp": null}}""")).Expect(HttpStatusCode.OK);

        var still = await ConfigMaps.GetAsync("a");
        Assert.Equal("2", still.Text("data.key"));
        Assert.NotNull(still.At("metadata.deletionTimestamp"));
        await ConfigMaps.PatchAsync("a", """{"metadata": {"finalizers": null}}""");
    }

    [Fact]
    public async Task A_deletion_starts_a_new_generation_of_a_custom_object()
    {
        await Widgets.CreateAsync(Widget("a"));
        await Widgets.PatchAsync("a", """{"metadata": {"finalizers": ["example.com/hold"]}}""");

        Assert.Equal("2", (await Widgets.DeleteAsync("a")).Text("metadata.generation"));
        await Widgets.PatchAsync("a", """{"metadata": {"finalizers": null}}""");
    }

    [Fact]
    public async Task A_finalizer_has_a_qualified_name()
    {
        var refused = await ConfigMaps.CreateAsync(ConfigMap("a", metadata: """, "finalizers": ["not valid"]"""));

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
    }
}

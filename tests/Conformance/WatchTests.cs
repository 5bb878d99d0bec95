using System.Net;
using System.Text.Json.Nodes;
using Conformance.Cluster;

namespace Conformance;

public sealed class WatchTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string OfTest = "labelSelector=of%3Dtest";

    [Fact]
    public async Task A_watch_from_a_list_shows_each_later_change_in_order()
    {
        var list = await ConfigMaps.ListAsync(OfTest);
        using var watch = await ConfigMaps.WatchAsync($"{OfTest}&resourceVersion={list.ResourceVersion}");

        await CreateAsync("a");
        await CreateAsync("b");
        var changed = await ConfigMaps.PatchAsync("a", """{"data": {"key": "2"}}""");
        await ConfigMaps.DeleteAsync("b");

        var changes = await watch.NextAsync(4);
        Assert.Equal(["ADDED a", "ADDED b", "MODIFIED a", "DELETED b"], changes.Select(c => c.ToString()));
        Assert.Equal(changed.Body.ToJsonString(), changes[2].Object.ToJsonString());
        Assert.Equal(changes.Select(Revision).Order(), changes.Select(Revision));
    }

    [Fact]
    public async Task A_deletion_has_a_revision_of_its_own_to_resume_from()
    {
        var created = await CreateAsync("a");
        using var watch = await ConfigMaps.WatchAsync($"{OfTest}&resourceVersion={created.ResourceVersion}");
        await ConfigMaps.DeleteAsync("a");

        Assert.NotEqual(created.ResourceVersion, (await watch.NextAsync())!.Object.Text("metadata.resourceVersion"));
    }

    [Fact]
    public async Task A_watch_resumes_after_any_event()
    {
        var list = await ConfigMaps.ListAsync(OfTest);
        await CreateAsync("a");
        await CreateAsync("b");
        await CreateAsync("c");
        using var watch = await ConfigMaps.WatchAsync($"{OfTest}&resourceVersion={list.ResourceVersion}");
        var first = (await watch.NextAsync())!;

        using var resumed = await ConfigMaps.WatchAsync($"{OfTest}&resourceVersion={first.Object.Text("metadata.resourceVersion")}");

        Assert.Equal("ADDED a", first.ToString());
        Assert.Equal(["ADDED b", "ADDED c"], (await resumed.NextAsync(2)).Select(c => c.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&resourceVersion=0")]
    public async Task A_watch_from_no_revision_begins_with_what_is_there(string revision)
    {
        var created = await CreateAsync("a");
        await ConfigMaps.ListAsync($"resourceVersion={created.ResourceVersion}&resourceVersionMatch=NotOlderThan");

        using var watch = await ConfigMaps.WatchAsync($"{OfTest}{revision}");
        Assert.Equal("ADDED a", (await watch.NextAsync())!.ToString());

        await ConfigMaps.DeleteAsync("a");
        Assert.Equal("DELETED a", (await watch.NextAsync())!.ToString());
    }

    [Fact]
    public async Task An_object_comes_and_goes_as_it_begins_and_ceases_to_be_selected()
    {
        var created = await CreateAsync("a");
        using var watch = await ConfigMaps.WatchAsync($"labelSelector=of%3Dother&resourceVersion={created.ResourceVersion}");

        await ConfigMaps.PatchAsync("a", """{"metadata": {"labels": {"of": "other"}}}""");
        await ConfigMaps.PatchAsync("a", """{"data": {"key": "2"}}""");
        var left = await ConfigMaps.PatchAsync("a", """{"metadata": {"labels": {"of": "test"}}}""");

        var changes = await watch.NextAsync(3);
        Assert.Equal(["ADDED", "MODIFIED", "DELETED"], changes.Select(c => c.Type));
        Assert.Equal("other", changes[2].Object.Text("metadata.labels.of"));
        Assert.Equal(left.ResourceVersion, changes[2].Object.Text("metadata.resourceVersion"));
    }

    [Fact]
    public async Task A_streamed_list_ends_with_a_bookmark()
    {
        await CreateAsync("a");
        await CreateAsync("b");

        using var watch = await ConfigMaps.WatchAsync(
            $"{OfTest}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");
        var changes = await watch.NextAsync(3);

        Assert.Equal(["ADDED", "ADDED", "BOOKMARK"], changes.Select(c => c.Type));
        Assert.Equal("true", (string?)changes[2].Object["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        Assert.Equal(("ConfigMap", "v1"), (changes[2].Object.Text("kind"), changes[2].Object.Text("apiVersion")));

        using var resumed = await ConfigMaps.WatchAsync($"{OfTest}&resourceVersion={changes[2].Object.Text("metadata.resourceVersion")}");
        await CreateAsync("c");
        Assert.Equal("ADDED c", (await resumed.NextAsync())!.ToString());
    }

    [Theory]
    [InlineData("sendInitialEvents=true")]
    [InlineData("sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1")]
    public async Task Options_that_make_no_sense_are_refused(string query)
    {
        using var watch = await ConfigMaps.WatchAsync(query);

        Assert.Contains(watch.Code, new[] { HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity });
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_revision_is_told_that_it_expired()
    {
        // Of a kind that is younger than the revision: a server that was started on an empty store remembers all of the older kinds.
        (await Widgets.ListAsync("limit=1")).Expect(HttpStatusCode.OK);
        using var watch = await Widgets.WatchAsync("resourceVersion=1");

        var told = (await watch.NextAsync())!;

        Assert.Equal(("ERROR", "Status", "410", "Expired"), (told.Type, told.Object.Text("kind"), told.Object.Text("code"), told.Object.Text("reason")));
        Assert.Contains("too old resource version: 1 (", told.Object.Text("message"));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_watch_ends_in_order_when_its_time_is_over()
    {
        var list = await ConfigMaps.ListAsync(OfTest);

        using var watch = await ConfigMaps.WatchAsync($"{OfTest}&timeoutSeconds=1&resourceVersion={list.ResourceVersion}");

        Assert.Equal(HttpStatusCode.OK, watch.Code);
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Watches_see_changes_in_the_same_order()
    {
        var list = await ConfigMaps.ListAsync(OfTest);
        using var one = await ConfigMaps.WatchAsync($"{OfTest}&resourceVersion={list.ResourceVersion}");
        using var two = await ConfigMaps.WatchAsync($"{OfTest}&resourceVersion={list.ResourceVersion}");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CreateAsync($"item-{i}")));

        Assert.Equal((await one.NextAsync(20)).Select(c => c.ToString()), (await two.NextAsync(20)).Select(c => c.ToString()));
    }

    [Fact]
    public async Task One_object_can_be_watched_by_its_name()
    {
        var list = await ConfigMaps.ListAsync(OfTest);
        using var watch = await ConfigMaps.WatchAsync($"fieldSelector=metadata.name%3Db&resourceVersion={list.ResourceVersion}");

        await CreateAsync("a");
        await CreateAsync("b");

        Assert.Equal("ADDED b", (await watch.NextAsync())!.ToString());
    }

    [Fact]
    public async Task A_watch_of_tables_names_the_columns_once()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        using var watch = await ConfigMaps.WatchAsync(OfTest, "application/json;as=Table;v=v1;g=meta.k8s.io");

        var changes = await watch.NextAsync(2);

        Assert.All(changes, change => Assert.Equal("Table", change.Object.Text("kind")));
        Assert.Equal(["a", "b"], changes.Select(c => c.Object.Text("rows.0.cells.0")));
        Assert.NotNull(changes[0].Object.At("columnDefinitions.0"));
        Assert.True(changes[1].Object.At("columnDefinitions") is null or JsonArray { Count: 0 });
    }

    private static long Revision(Change change) => long.Parse(change.Object.Text("metadata.resourceVersion")!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<Answer> CreateAsync(string name) =>
        (await ConfigMaps.CreateAsync(ConfigMap(name, metadata: """, "labels": {"of": "test"}"""))).Expect(HttpStatusCode.Created);
}

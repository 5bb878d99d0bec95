using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class GarbageCollectionTests(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task What_is_owned_goes_after_its_owner()
    {
        await CreateFamilyAsync();

        (await ConfigMaps.DeleteAsync("owner")).Expect(HttpStatusCode.OK);

        await ConfigMaps.UntilGoneAsync("owned");
        await ConfigMaps.UntilGoneAsync("grandchild");
    }

    [Fact]
    public async Task In_the_foreground_the_owner_goes_last()
    {
        await CreateFamilyAsync();
        var list = await ConfigMaps.ListAsync();
        using var watch = await ConfigMaps.WatchAsync($"resourceVersion={list.ResourceVersion}");

        var deleting = (await ConfigMaps.DeleteAsync("owner", """{"propagationPolicy": "Foreground"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("""["foregroundDeletion"]""", deleting.Body.Json("metadata.finalizers"));

        var gone = new List<string>();
        while (!gone.Contains("DELETED owner"))
        {
            gone.Add((await watch.UntilAsync(change => change.Type == "DELETED")).ToString());
        }

        Assert.Contains("DELETED owned", gone);
        Assert.Equal("DELETED owner", gone[^1]);
    }

    [Fact]
    public async Task An_orphan_stays_without_its_owner()
    {
        await CreateFamilyAsync();

        await ConfigMaps.DeleteAsync("owner", """{"propagationPolicy": "Orphan"}""");
        await ConfigMaps.UntilGoneAsync("owner");

        var orphan = (await ConfigMaps.GetAsync("owned")).Expect(HttpStatusCode.OK);
        Assert.Null(orphan.At("metadata.ownerReferences"));
        (await ConfigMaps.GetAsync("grandchild")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_has_another_owner_stays()
    {
        var one = await CreateAsync("one");
        var two = await CreateAsync("two");
        await CreateAsync("owned", one, two);

        await ConfigMaps.DeleteAsync("one");
        var left = await ConfigMaps.UntilAsync("owned", owned => owned.At("metadata.ownerReferences")!.AsArray().Count == 1);

        Assert.Equal("two", left.Text("metadata.ownerReferences.0.name"));
    }

    [Fact]
    public async Task What_names_an_owner_that_never_was_goes()
    {
        await ConfigMaps.CreateAsync(ConfigMap(
            "owned", metadata: """, "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "ghost", "uid": "11111111-2222-3333-4444-555555555555"}]"""));

        await ConfigMaps.UntilGoneAsync("owned");
    }

    [Fact]
    public async Task Custom_objects_own_and_are_owned()
    {
        var owner = await Widgets.CreateAsync(Widget("owner"));
        (await ConfigMaps.CreateAsync(ConfigMap("owned", metadata: $", \"ownerReferences\": [{Reference(owner)}]"))).Expect(HttpStatusCode.Created);

        await Widgets.DeleteAsync("owner");

        await ConfigMaps.UntilGoneAsync("owned");
    }

    [Fact]
    public async Task A_namespace_goes_with_all_that_is_in_it()
    {
        await CreateFamilyAsync();
        await Widgets.CreateAsync(Widget("a"));

        var deleting = (await Api.Namespaces.DeleteAsync(Namespace)).Expect(HttpStatusCode.OK);
        Assert.Equal("Terminating", deleting.Text("status.phase"));

        await Api.Namespaces.UntilGoneAsync(Namespace);
        (await Widgets.GetAsync("a")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nothing_new_comes_into_a_namespace_that_goes()
    {
        await ConfigMaps.CreateAsync(ConfigMap("held", metadata: """, "finalizers": ["example.com/hold"]"""));
        await Api.Namespaces.DeleteAsync(Namespace);

        var refused = (await ConfigMaps.CreateAsync(ConfigMap("late"))).ExpectFailure(HttpStatusCode.Forbidden, "Forbidden");
        Assert.Contains("because it is being terminated", refused.Text("message"));

        await ConfigMaps.PatchAsync("held", """{"metadata": {"finalizers": null}}""");
        await Api.Namespaces.UntilGoneAsync(Namespace);
    }

    [Fact]
    public async Task Two_controllers_are_one_too_many()
    {
        var one = await CreateAsync("one");
        var two = await CreateAsync("two");

        var refused = await ConfigMaps.CreateAsync(ConfigMap(
            "owned", metadata: $", \"ownerReferences\": [{Reference(one, controller: true)}, {Reference(two, controller: true)}]"));

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Equal("metadata.ownerReferences", refused.Text("details.causes.0.field"));
    }

    private async Task CreateFamilyAsync() => await CreateAsync("grandchild", await CreateAsync("owned", await CreateAsync("owner")));

    private async Task<Answer> CreateAsync(string name, params Answer[] owners) =>
        (await ConfigMaps.CreateAsync(ConfigMap(
            name, metadata: $", \"ownerReferences\": [{string.Join(", ", owners.Select(owner => Reference(owner)))}]"))).Expect(HttpStatusCode.Created);

    // Foreground deletion waits only for what says that it blocks it.
    private static string Reference(Answer owner, bool controller = false) => $$"""
        {"apiVersion": "{{owner.Text("apiVersion")}}", "kind": "{{owner.Text("kind")}}", "name": "{{owner.Text("metadata.name")}}",
         "uid": "{{owner.Text("metadata.uid")}}", "blockOwnerDeletion": true, "controller": {{(controller ? "true" : "false")}}}
        """;
}

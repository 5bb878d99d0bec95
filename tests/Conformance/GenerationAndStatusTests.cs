using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class GenerationAndStatusTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string Ready = """{"status": {"phase": "Ready"}}""";

    [Fact]
    public async Task Only_a_changed_spec_is_a_new_generation()
    {
        Assert.Equal("1", (await Widgets.CreateAsync(Widget("a"))).Text("metadata.generation"));
        Assert.Equal("1", (await Widgets.PatchAsync("a", """{"metadata": {"labels": {"x": "y"}}}""")).Text("metadata.generation"));
        Assert.Equal("1", (await Widgets.PatchAsync("a/status", Ready)).Text("metadata.generation"));
        Assert.Equal("2", (await Widgets.PatchAsync("a", """{"spec": {"color": "red"}}""")).Text("metadata.generation"));
        Assert.Equal("2", (await Widgets.PatchAsync("a", """{"spec": {"color": "red"}}""")).Text("metadata.generation"));
        Assert.Equal("2", (await Widgets.PatchAsync("a", """{"metadata": {"generation": 9}}""")).Text("metadata.generation"));
    }

    [Fact]
    public async Task Status_is_written_only_where_it_is_meant()
    {
        Assert.Null((await Widgets.CreateAsync(Widget("a", more: """, "status": {"phase": "Early"}"""))).At("status"));
        Assert.Null((await Widgets.PatchAsync("a", Ready)).Expect(HttpStatusCode.OK).At("status"));

        var written = await Widgets.PatchAsync("a/status", """{"status": {"phase": "Ready"}, "spec": {"color": "red"}, "metadata": {"labels": {"x": "y"}}}""");

        Assert.Equal(("Ready", null, null), (written.Expect(HttpStatusCode.OK).Text("status.phase"), written.Text("spec.color"), written.Text("metadata.labels.x")));
        Assert.Equal("Ready", (await Widgets.GetAsync("a")).Text("status.phase"));
        Assert.Equal("Ready", (await Widgets.GetAsync("a/status")).Text("status.phase"));
    }

    [Fact]
    public async Task A_replaced_spec_keeps_the_status()
    {
        await Widgets.CreateAsync(Widget("a"));
        var ready = await Widgets.PatchAsync("a/status", Ready);

        ready.Body.Remove("status");
        ready.Body["spec"]!["color"] = "green";
        var replaced = (await Widgets.ReplaceAsync(ready.Body)).Expect(HttpStatusCode.OK);

        Assert.Equal(("green", "Ready"), (replaced.Text("spec.color"), replaced.Text("status.phase")));
    }

    [Fact]
    public async Task A_status_is_replaced_as_a_whole_and_checked()
    {
        var created = await Widgets.CreateAsync(Widget("a"));
        created.Body["status"] = new System.Text.Json.Nodes.JsonObject { ["phase"] = "Ready" };

        (await Widgets.ReplaceAsync("a/status", created.Body.ToJsonString())).Expect(HttpStatusCode.OK);
        (await Widgets.PatchAsync("a/status", """{"status": {"replicas": "many"}}""")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");

        Assert.Equal("""{"phase":"Ready"}""", (await Widgets.GetAsync("a")).Body.Json("status"));
    }

    [Fact]
    public async Task Built_in_kinds_have_the_same_rules()
    {
        var created = await Deployments.CreateAsync(Deployment("a"));
        Assert.Equal("1", created.Text("metadata.generation"));

        var labelled = await Deployments.PatchAsync("a", """{"metadata": {"labels": {"x": "y"}}, "status": {"replicas": 7}}""");
        Assert.Equal("1", labelled.Text("metadata.generation"));
        Assert.NotEqual("7", labelled.Text("status.replicas"));

        Assert.Equal("2", (await Deployments.PatchAsync("a", """{"spec": {"paused": true}}""")).Text("metadata.generation"));
        Assert.Equal("2", (await Deployments.PatchAsync("a/status", """{"status": {"observedGeneration": 2}}""")).Text("metadata.generation"));
    }

    [Fact]
    public async Task Scale_shows_and_sets_replicas_and_nothing_else()
    {
        await Widgets.CreateAsync(Widget("a", """{"replicas": 2, "color": "red"}"""));
        await Widgets.PatchAsync("a/status", """{"status": {"replicas": 1, "selector": "app=a"}}""");

        var scale = (await Widgets.GetAsync("a/scale")).Expect(HttpStatusCode.OK);
        Assert.Equal(("Scale", "autoscaling/v1"), (scale.Text("kind"), scale.Text("apiVersion")));
        Assert.Equal(("2", "1", "app=a"), (scale.Text("spec.replicas"), scale.Text("status.replicas"), scale.Text("status.selector")));

        var scaled = (await Widgets.PatchAsync("a/scale", """{"spec": {"replicas": 5}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("5", scaled.Text("spec.replicas"));
        var widget = await Widgets.GetAsync("a");
        Assert.Equal(("5", "red", "2"), (widget.Text("spec.replicas"), widget.Text("spec.color"), widget.Text("metadata.generation")));
    }

    [Fact]
    public async Task A_scale_is_replaced_and_checked()
    {
        await Deployments.CreateAsync(Deployment("a"));
        var scale = await Deployments.GetAsync("a/scale");
        Assert.Equal("app=a", scale.Text("status.selector"));

        scale.Body["spec"]!["replicas"] = -1;
        (await Deployments.ReplaceAsync("a/scale", scale.Body.ToJsonString())).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        scale.Body["metadata"]!["resourceVersion"] = "1";
        scale.Body["spec"]!["replicas"] = 0;
        (await Deployments.ReplaceAsync("a/scale", scale.Body.ToJsonString())).ExpectFailure(HttpStatusCode.Conflict, "Conflict");
    }

    [Fact]
    public async Task A_kind_without_a_subresource_does_not_serve_it()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a"));

        (await ConfigMaps.GetAsync("a/status")).Expect(HttpStatusCode.NotFound);
        (await ConfigMaps.GetAsync("a/scale")).Expect(HttpStatusCode.NotFound);
    }
}

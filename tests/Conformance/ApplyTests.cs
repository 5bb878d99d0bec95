using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class ApplyTests(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task What_is_not_there_is_created_and_its_fields_owned()
    {
        var applied = await ApplyAsync("one", """{"color": "red", "ports": [{"name": "http", "port": 80}], "tags": ["a"]}""");

        Assert.Equal(HttpStatusCode.Created, applied.Code);
        var entry = Assert.Single(applied.At("metadata.managedFields")!.AsArray());
        Assert.Equal(
            ("one", "Apply", $"{WidgetKind.Group}/v1", "FieldsV1"),
            (entry.Text("manager"), entry.Text("operation"), entry.Text("apiVersion"), entry.Text("fieldsType")));
        Assert.Equal(
            """{"f:spec":{"f:color":{},"f:ports":{"k:{\"name\":\"http\"}":{".":{},"f:name":{},"f:port":{}}},"f:tags":{"v:\"a\"":{}}}}""",
            entry.Json("fieldsV1"));
    }

    [Fact]
    public async Task Applying_the_same_again_changes_nothing()
    {
        var first = await ApplyAsync("one", """{"color": "red"}""");
        var second = await ApplyAsync("one", """{"color": "red"}""");

        Assert.Equal(HttpStatusCode.OK, second.Code);
        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
    }

    [Fact]
    public async Task What_an_applier_leaves_out_is_removed_or_gets_its_default_back()
    {
        await ApplyAsync("one", """{"color": "red", "replicas": 3, "owner": "me", "ports": [{"name": "a"}, {"name": "b"}]}""");

        var applied = await ApplyAsync("one", """{"owner": "me", "ports": [{"name": "b"}]}""");

        Assert.Null(applied.Expect(HttpStatusCode.OK).At("spec.color"));
        Assert.Equal("1", applied.Text("spec.replicas"));
        Assert.Equal("""[{"name":"b","protocol":"TCP"}]""", applied.Body.Json("spec.ports"));
    }

    [Fact]
    public async Task Another_value_for_a_field_of_somebody_else_is_a_conflict_that_names_both()
    {
        await ApplyAsync("one", """{"color": "red", "replicas": 1}""");

        var refused = (await ApplyAsync("two", """{"color": "blue", "replicas": 2}""")).ExpectFailure(HttpStatusCode.Conflict, "Conflict");

        Assert.StartsWith("Apply failed with 2 conflicts: conflicts with \"one\":", refused.Text("message"));
        var causes = refused.At("details.causes")!.AsArray();
        Assert.All(causes, cause => Assert.Equal("FieldManagerConflict", cause.Text("reason")));
        Assert.Equal([".spec.color", ".spec.replicas"], causes.Select(cause => cause.Text("field")));
        Assert.Equal("red", (await Widgets.GetAsync("a")).Text("spec.color"));
    }

    [Fact]
    public async Task Force_takes_the_field()
    {
        await ApplyAsync("one", """{"color": "red"}""");

        var applied = await ApplyAsync("two", """{"color": "blue"}""", "force=true");

        Assert.Equal("blue", applied.Expect(HttpStatusCode.OK).Text("spec.color"));
        Assert.Equal(["two"], Owners(applied, "f:color"));
    }

    [Fact]
    public async Task A_field_that_two_apply_alike_stays_until_both_leave_it_out()
    {
        await ApplyAsync("one", """{"color": "red"}""");
        var both = await ApplyAsync("two", """{"color": "red"}""");
        Assert.Equal(["one", "two"], Owners(both, "f:color").Order());

        Assert.Equal("red", (await ApplyAsync("one", "{}")).Text("spec.color"));
        Assert.Null((await ApplyAsync("two", "{}")).Text("spec.color"));
    }

    [Fact]
    public async Task Items_of_maps_and_sets_have_owners_of_their_own()
    {
        await ApplyAsync("one", """{"ports": [{"name": "a", "port": 1}], "tags": ["x"]}""");
        var applied = await ApplyAsync("two", """{"ports": [{"name": "b", "port": 2}], "tags": ["y"]}""");
        Assert.Equal(["a", "b"], applied.At("spec.ports")!.AsArray().Select(p => p.Text("name")));
        Assert.Equal("""["x","y"]""", applied.Body.Json("spec.tags"));

        var withdrawn = await ApplyAsync("one", "{}");
        Assert.Equal(["b"], withdrawn.At("spec.ports")!.AsArray().Select(p => p.Text("name")));
        Assert.Equal("""["y"]""", withdrawn.Body.Json("spec.tags"));
    }

    [Fact]
    public async Task An_atomic_list_has_one_owner()
    {
        await ApplyAsync("one", """{"args": ["x"]}""");

        var refused = (await ApplyAsync("two", """{"args": ["y"]}""")).ExpectFailure(HttpStatusCode.Conflict, "Conflict");

        Assert.Equal(".spec.args", refused.Text("details.causes.0.field"));
    }

    [Fact]
    public async Task An_update_takes_what_it_changes()
    {
        await ApplyAsync("one", """{"color": "red", "replicas": 1}""");

        var updated = await Widgets.PatchAsync("a", """{"spec": {"color": "green"}}""", query: "fieldManager=editor");

        Assert.Equal(["editor"], Owners(updated.Expect(HttpStatusCode.OK), "f:color"));
        Assert.Equal(["one"], Owners(updated, "f:replicas"));
        var refused = (await ApplyAsync("one", """{"color": "red", "replicas": 1}""")).ExpectFailure(HttpStatusCode.Conflict, "Conflict");
        Assert.Contains($"conflict with \"editor\" using {WidgetKind.Group}/v1", refused.Text("message"));
    }

    [Fact]
    public async Task A_manager_is_named_after_the_client_when_it_does_not_say()
    {
        var created = await Widgets.CreateAsync(Widget("a"));

        Assert.Equal(("conformance", "Update"), (created.Text("metadata.managedFields.0.manager"), created.Text("metadata.managedFields.0.operation")));
    }

    [Fact]
    public async Task Status_is_owned_apart_from_the_rest()
    {
        await ApplyAsync("one", """{"color": "red"}""");

        var applied = await Widgets.PatchAsync(
            "a/status", $$"""{"apiVersion": "{{WidgetKind.Group}}/v1", "kind": "Widget", "status": {"phase": "Ready"}, "spec": {"color": "blue"} }""",
            Collection.ApplyPatch, "fieldManager=one");

        Assert.Equal(("Ready", "red"), (applied.Expect(HttpStatusCode.OK).Text("status.phase"), applied.Text("spec.color")));
        var entries = applied.At("metadata.managedFields")!.AsArray();
        Assert.Equal([null, "status"], entries.Select(e => e.Text("subresource")));
        Assert.Equal("""{"f:status":{"f:phase":{}}}""", entries[1].Json("fieldsV1"));
        Assert.Equal("Ready", (await ApplyAsync("one", """{"color": "green"}""")).Text("status.phase"));
    }

    [Fact]
    public async Task Who_applies_must_have_a_name()
    {
        var refused = await Widgets.PatchAsync("a", Configuration("{}"), Collection.ApplyPatch);

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Equal("fieldManager", refused.Text("details.causes.0.field"));
    }

    [Fact]
    public async Task A_configuration_must_not_have_managed_fields()
    {
        var applied = await ApplyAsync("one", "{}");

        applied.Body.Remove("status");
        var refused = await Widgets.ApplyAsync("a", "one", applied.Body.ToJsonString());

        refused.ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");
        Assert.Equal("metadata.managedFields must be nil", refused.Text("message"));
    }

    [Fact]
    public async Task Ownership_is_reset_by_an_empty_list_of_it()
    {
        await ApplyAsync("one", """{"color": "red"}""");

        var reset = await Widgets.PatchAsync("a", """{"metadata": {"managedFields": [{}]}}""");

        Assert.Null(reset.Expect(HttpStatusCode.OK).At("metadata.managedFields"));
        Assert.Equal(["before-first-apply", "two"], Managers(await ApplyAsync("two", """{"color": "red"}""")).Order());
    }

    [Fact]
    public async Task Built_in_kinds_merge_their_lists_by_the_keys_that_their_schema_gives()
    {
        await DeployAsync("one", """[{"name": "web", "image": "web:1", "ports": [{"containerPort": 80}]}]""");

        var applied = await DeployAsync("two", """[{"name": "web", "ports": [{"containerPort": 90, "protocol": "UDP"}]}, {"name": "side", "image": "side:1"}]""");

        Assert.Equal(["web", "side"], applied.Expect(HttpStatusCode.OK).At("spec.template.spec.containers")!.AsArray().Select(c => c.Text("name")));
        Assert.Equal(["80", "90"], applied.At("spec.template.spec.containers.0.ports")!.AsArray().Select(p => p.Text("containerPort")));
        Assert.Equal("web:1", applied.Text("spec.template.spec.containers.0.image"));
    }

    [Fact]
    public async Task A_broken_configuration_changes_nothing()
    {
        await ApplyAsync("one", """{"color": "red"}""");

        (await ApplyAsync("one", """{"color": "purple"}""")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Contains(".spec.color: expected string", (await ApplyAsync("one", """{"color": 3}""")).Expect(HttpStatusCode.InternalServerError).Text("message"));
        (await ApplyAsync("one", """{"tags": ["a", "a"]}""")).Expect(HttpStatusCode.InternalServerError);

        Assert.Equal("red", (await Widgets.GetAsync("a")).Text("spec.color"));
    }

    private Task<Answer> ApplyAsync(string manager, string spec, string query = "") => Widgets.ApplyAsync("a", manager, Configuration(spec), query);

    private Task<Answer> DeployAsync(string manager, string containers) => Deployments.ApplyAsync("d", manager, Deployment("d", containers));

    private string Configuration(string spec) => Widget("a", spec);

    private static IEnumerable<string?> Managers(Answer answer) => answer.At("metadata.managedFields")!.AsArray().Select(e => e.Text("manager"));

    private static IEnumerable<string?> Owners(Answer answer, string specField) =>
        answer.At("metadata.managedFields")!.AsArray().Where(e => e.At("fieldsV1")?["f:spec"]?[specField] is not null).Select(e => e.Text("manager"));
}

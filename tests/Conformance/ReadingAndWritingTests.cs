using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class ReadingAndWritingTests(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task A_created_object_gets_what_the_system_gives()
    {
        var created = (await ConfigMaps.CreateAsync(ConfigMap("a"))).Expect(HttpStatusCode.Created);

        Assert.Equal(("v1", "ConfigMap", "a", Namespace), (created.Text("apiVersion"), created.Text("kind"), created.Text("metadata.name"), created.Text("metadata.namespace")));
        Assert.True(Guid.TryParse(created.Text("metadata.uid"), out _));
        Assert.Matches("^[1-9][0-9]*$", created.ResourceVersion);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", created.Text("metadata.creationTimestamp")!);
        Assert.Null(created.At("metadata.generation"));
        Assert.Equal(created.Body.ToJsonString(), (await ConfigMaps.GetAsync("a")).Expect(HttpStatusCode.OK).Body.ToJsonString());
    }

    [Fact]
    public async Task What_only_the_system_may_set_is_not_taken_from_the_client()
    {
        var created = await ConfigMaps.CreateAsync(ConfigMap(
            "a", metadata: """, "uid": "u", "creationTimestamp": "2000-01-01T00:00:00Z", "generation": 7, "deletionTimestamp": "2000-01-01T00:00:00Z", "selfLink": "/x" """));

        created.Expect(HttpStatusCode.Created);
        Assert.NotEqual("u", created.Text("metadata.uid"));
        Assert.DoesNotContain("2000", created.Text("metadata.creationTimestamp"));
        Assert.Null(created.At("metadata.deletionTimestamp"));
    }

    [Fact]
    public async Task A_name_is_generated_from_its_prefix()
    {
        const string Generated = """{"metadata": {"generateName": "a-"}}""";

        var names = new[] { await ConfigMaps.CreateAsync(Generated), await ConfigMaps.CreateAsync(Generated) }.Select(a => a.Text("metadata.name")!).ToList();

        Assert.All(names, name => Assert.Matches("^a-[a-z0-9]{5}$", name));
        Assert.NotEqual(names[0], names[1]);
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a"));

        var refused = (await ConfigMaps.CreateAsync(ConfigMap("a"))).ExpectFailure(HttpStatusCode.Conflict, "AlreadyExists");

        Assert.Equal("configmaps \"a\" already exists", refused.Text("message"));
        Assert.Equal(("a", "configmaps"), (refused.Text("details.name"), refused.Text("details.kind")));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var missing = (await ConfigMaps.GetAsync("a")).ExpectFailure(HttpStatusCode.NotFound, "NotFound");
        Assert.Equal("configmaps \"a\" not found", missing.Text("message"));

        (await ConfigMaps.ReplaceAsync("a", ConfigMap("a"))).ExpectFailure(HttpStatusCode.NotFound, "NotFound");
        (await ConfigMaps.PatchAsync("a", "{}")).ExpectFailure(HttpStatusCode.NotFound, "NotFound");
        (await ConfigMaps.DeleteAsync("a")).ExpectFailure(HttpStatusCode.NotFound, "NotFound");
        (await Core("things").ListAsync()).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nothing_is_made_in_a_namespace_that_is_not_there()
    {
        var refused = await Api.SendAsync(HttpMethod.Post, "/api/v1/namespaces/conformance-nowhere/configmaps", ConfigMap("a"));

        refused.ExpectFailure(HttpStatusCode.NotFound, "NotFound");
        Assert.Equal("namespaces \"conformance-nowhere\" not found", refused.Text("message"));
    }

    [Theory]
    [InlineData("UPPER", "metadata.name")]
    [InlineData("a/b", "metadata.name")]
    [InlineData("", "metadata.name")]
    public async Task A_bad_name_is_refused(string name, string field)
    {
        var refused = (await ConfigMaps.CreateAsync(ConfigMap(name))).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");

        Assert.Equal(field, refused.Text("details.causes.0.field"));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused()
    {
        var refused = await ConfigMaps.CreateAsync(ConfigMap(new string('a', 254)));

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Contains("must be no more than 253 ", refused.Text("message"));
    }

    [Theory]
    [InlineData("""{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}""")]
    [InlineData("""{"apiVersion": "v2", "kind": "ConfigMap", "metadata": {"name": "a"}}""")]
    [InlineData("""{"metadata": {"name": "a", "namespace": "elsewhere"}}""")]
    [InlineData("""{"metadata": {"name": "a"}""")]
    [InlineData("""{"metadata": {"name": 1}}""")]
    [InlineData("""{"metadata": {"name": "a"}, "data": {"key": 1}}""")]
    [InlineData("not: [a map")]
    public async Task A_body_that_does_not_fit_is_a_bad_request(string body)
    {
        (await ConfigMaps.CreateAsync(body)).ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");

        (await ConfigMaps.GetAsync("a")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_name_in_the_path_and_in_the_body_must_be_the_same()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a"));

        (await ConfigMaps.ReplaceAsync("a", ConfigMap("b"))).ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");
    }

    [Fact]
    public async Task Yaml_is_as_good_as_json()
    {
        var created = await ConfigMaps.CreateAsync(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  key: |\n    two\n    lines\n", contentType: "application/yaml");

        Assert.Equal("two\nlines\n", created.Expect(HttpStatusCode.Created).Text("data.key"));
    }

    [Fact]
    public async Task An_unknown_media_type_is_refused()
    {
        (await ConfigMaps.CreateAsync(ConfigMap("a"), contentType: "text/csv")).ExpectFailure(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType");
        (await ConfigMaps.ListAsync(accept: "text/csv")).ExpectFailure(HttpStatusCode.NotAcceptable, "NotAcceptable");
    }

    [Fact]
    public async Task A_body_of_more_than_three_megabytes_is_too_large()
    {
        var refused = await ConfigMaps.CreateAsync(ConfigMap("a", $$"""{"key": "{{new string('x', 3 * 1024 * 1024)}}"}"""));

        refused.ExpectFailure(HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge");
    }

    [Fact]
    public async Task A_replaced_object_keeps_its_identity_and_loses_what_the_new_one_lacks()
    {
        var created = await ConfigMaps.CreateAsync(ConfigMap("a", metadata: """, "labels": {"x": "y"}"""));

        var replaced = (await ConfigMaps.ReplaceAsync("a", ConfigMap("a", """{"other": "1"}"""))).Expect(HttpStatusCode.OK);

        Assert.Equal("""{"other":"1"}""", replaced.Body.Json("data"));
        Assert.Null(replaced.At("metadata.labels"));
        Assert.Equal(created.Text("metadata.uid"), replaced.Text("metadata.uid"));
        Assert.Equal(created.Text("metadata.creationTimestamp"), replaced.Text("metadata.creationTimestamp"));
        Assert.NotEqual(created.ResourceVersion, replaced.ResourceVersion);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_leaves_the_resourceVersion()
    {
        var created = await ConfigMaps.CreateAsync(ConfigMap("a"));

        Assert.Equal(created.ResourceVersion, (await ConfigMaps.ReplaceAsync(created.Body)).Expect(HttpStatusCode.OK).ResourceVersion);
        Assert.Equal(created.ResourceVersion, (await ConfigMaps.PatchAsync("a", """{"data": {"key": "value"}}""")).ResourceVersion);
    }

    [Fact]
    public async Task A_deletion_says_what_it_deleted()
    {
        var created = await ConfigMaps.CreateAsync(ConfigMap("a"));

        var deleted = (await ConfigMaps.DeleteAsync("a")).Expect(HttpStatusCode.OK);

        Assert.Equal(("Status", "Success", "a", "configmaps"), (deleted.Text("kind"), deleted.Text("status"), deleted.Text("details.name"), deleted.Text("details.kind")));
        Assert.Equal(created.Text("metadata.uid"), deleted.Text("details.uid"));
        (await ConfigMaps.GetAsync("a")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_collection_is_deleted_by_selector()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", metadata: """, "labels": {"of": "test"}"""));
        await ConfigMaps.CreateAsync(ConfigMap("b", metadata: """, "labels": {"of": "test"}"""));
        await ConfigMaps.CreateAsync(ConfigMap("c"));

        var deleted = (await ConfigMaps.DeleteAllAsync("labelSelector=of%3Dtest")).Expect(HttpStatusCode.OK);

        Assert.Equal("ConfigMapList", deleted.Text("kind"));
        Assert.DoesNotContain((await ConfigMaps.ListAsync()).Names, name => name is "a" or "b");
        (await ConfigMaps.GetAsync("c")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nothing_is_written_in_all_namespaces_at_once()
    {
        (await Api.SendAsync(HttpMethod.Delete, $"/api/v1/configmaps?labelSelector=run%3D{Namespace}")).ExpectFailure(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        (await Api.SendAsync(HttpMethod.Post, "/api/v1/configmaps", ConfigMap("a"))).ExpectFailure(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        (await Api.GetAsync("/api/v1/configmaps/a")).ExpectFailure(HttpStatusCode.NotFound, "NotFound");
    }

    [Fact]
    public async Task A_deletion_with_preconditions_that_do_not_hold_is_a_conflict()
    {
        var created = await ConfigMaps.CreateAsync(ConfigMap("a"));

        (await ConfigMaps.DeleteAsync("a", """{"preconditions": {"uid": "other"}}""")).ExpectFailure(HttpStatusCode.Conflict, "Conflict");
        (await ConfigMaps.DeleteAsync("a", """{"preconditions": {"resourceVersion": "1"}}""")).ExpectFailure(HttpStatusCode.Conflict, "Conflict");
        (await ConfigMaps.DeleteAsync("a", $$"""{"preconditions": {"uid": "{{created.Text("metadata.uid")}}"} }""")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_write_from_an_outdated_state_is_a_conflict()
    {
        var created = await ConfigMaps.CreateAsync(ConfigMap("a"));
        await ConfigMaps.PatchAsync("a", """{"data": {"key": "2"}}""");

        created.Body["data"]!["key"] = "3";
        var refused = (await ConfigMaps.ReplaceAsync(created.Body)).ExpectFailure(HttpStatusCode.Conflict, "Conflict");

        Assert.Equal(
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again",
            refused.Text("message"));
        var patch = $$"""{"metadata": {"resourceVersion": "{{created.ResourceVersion}}"}, "data": {"key": "3"} }""";
        (await ConfigMaps.PatchAsync("a", patch)).ExpectFailure(HttpStatusCode.Conflict, "Conflict");
        Assert.Equal("2", (await ConfigMaps.GetAsync("a")).Text("data.key"));
    }

    [Fact]
    public async Task Objects_of_all_namespaces_are_listed_together()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", metadata: $$""", "labels": {"run": "{{Namespace}}"}"""));

        var all = await new Collection(Api, "/api/v1/configmaps").ListAsync($"labelSelector=run%3D{Namespace}");

        Assert.Equal(["a"], all.Expect(HttpStatusCode.OK).Names);
        Assert.Equal(("ConfigMapList", "v1"), (all.Text("kind"), all.Text("apiVersion")));
    }

    [Fact]
    public async Task An_immutable_object_stays_as_it_is()
    {
        await ConfigMaps.CreateAsync("""{"metadata": {"name": "a"}, "data": {"key": "1"}, "immutable": true}""");

        var refused = (await ConfigMaps.PatchAsync("a", """{"data": {"key": "2"}}""")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");

        Assert.Equal(("data", "FieldValueForbidden"), (refused.Text("details.causes.0.field"), refused.Text("details.causes.0.reason")));
    }
}

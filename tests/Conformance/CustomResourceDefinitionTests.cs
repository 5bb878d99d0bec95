using System.Net;
using System.Text.Json.Nodes;
using Conformance.Cluster;

namespace Conformance;

public sealed class CustomResourceDefinitionTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string AnySpec = """{"spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}""";

    [Fact]
    public async Task A_defined_kind_is_served_and_shown_by_discovery()
    {
        var kind = CustomKind.OfThisRun("Gadget", "gadgets");
        await InstallAsync(kind, CustomKind.Version(AnySpec));

        var resources = (await Api.GetAsync($"/apis/{kind.Group}/v1")).Expect(HttpStatusCode.OK);
        Assert.Equal(["gadgets", "gadgets/status"], resources.At("resources")!.AsArray().Select(r => r.Text("name")).Order());
        Assert.Contains((await Api.GetAsync("/apis")).At("groups")!.AsArray(), group => group.Text("name") == kind.Group);
    }

    [Fact]
    public async Task A_definition_tells_when_its_kind_can_be_used()
    {
        var kind = CustomKind.OfThisRun("Lever", "levers");
        await InstallAsync(kind, CustomKind.Version(AnySpec));

        var definition = await Api.Definitions.GetAsync(kind.DefinitionName);
        Assert.Equal(
            [("Established", "True"), ("NamesAccepted", "True")],
            definition.At("status.conditions")!.AsArray().Select(c => (c.Text("type"), c.Text("status"))).Order());
        Assert.Equal("""["v1"]""", definition.Body.Json("status.storedVersions"));
        Assert.Equal(("levers", "Lever", "LeverList"), (
            definition.Text("status.acceptedNames.plural"), definition.Text("status.acceptedNames.kind"), definition.Text("status.acceptedNames.listKind")));
    }

    [Fact]
    public async Task A_removed_definition_takes_its_objects_with_it()
    {
        var kind = CustomKind.OfThisRun("Gear", "gears");
        await InstallAsync(kind, CustomKind.Version(AnySpec));
        (await Custom(kind).CreateAsync(Object(kind, "a"))).Expect(HttpStatusCode.Created);

        await Api.Definitions.DeleteAsync(kind.DefinitionName);
        await Api.Definitions.UntilGoneAsync(kind.DefinitionName);

        await InstallAsync(kind, CustomKind.Version(AnySpec));
        Assert.Empty((await Custom(kind).ListAsync()).Expect(HttpStatusCode.OK).Items);
    }

    [Fact]
    public async Task One_object_is_served_in_each_version()
    {
        var kind = CustomKind.OfThisRun("Valve", "valves");
        var two = CustomKind.Version(AnySpec)[..^1] + "," + CustomKind.Version(AnySpec, "v1beta1").Replace("\"storage\": true", "\"storage\": false", StringComparison.Ordinal)[1..];
        await InstallAsync(kind, two);

        await Custom(kind).CreateAsync(Object(kind, "a"));

        var older = (await Custom(kind, "v1beta1").GetAsync("a")).Expect(HttpStatusCode.OK);
        Assert.Equal($"{kind.Group}/v1beta1", older.Text("apiVersion"));
        Assert.Equal("1", older.Text("spec.x"));
    }

    [Fact]
    public async Task Objects_of_a_cluster_wide_kind_are_in_no_namespace()
    {
        var kind = CustomKind.OfThisRun("Planet", "planets");
        await InstallAsync(kind, CustomKind.Version(AnySpec), "Cluster");
        var planets = new Collection(Api, $"/apis/{kind.Group}/v1/planets");

        Assert.Null((await planets.CreateAsync(Object(kind, "a"))).Expect(HttpStatusCode.Created).At("metadata.namespace"));
        (await Custom(kind).ListAsync()).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"spec": {"type": "object", "properties": {"x": {}}}}""", "spec.validation.openAPIV3Schema.properties[spec].properties[x].type")]
    [InlineData("""{"spec": {"type": "poem"}}""", "spec.validation.openAPIV3Schema.properties[spec].type")]
    [InlineData("""{"spec": {"type": "array"}}""", "spec.validation.openAPIV3Schema.properties[spec].items")]
    [InlineData("""{"spec": {"type": "string", "default": 3}}""", "spec.validation.openAPIV3Schema.properties[spec].default")]
    public async Task A_schema_that_says_too_little_is_refused(string properties, string field)
    {
        var kind = CustomKind.OfThisRun("Broken", "brokens");

        var refused = await Api.Definitions.CreateAsync(kind.Definition(CustomKind.Version(properties)));

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Contains(field, refused.At("details.causes")!.AsArray().Select(c => c.Text("field")));
    }

    [Fact]
    public async Task A_definition_is_named_after_its_kind()
    {
        var kind = CustomKind.OfThisRun("Broken", "brokens");

        var refused = await Api.Definitions.CreateAsync(
            kind.Definition(CustomKind.Version(AnySpec)).Replace($"\"name\": \"{kind.DefinitionName}\"", "\"name\": \"other\"", StringComparison.Ordinal));

        Assert.Contains("metadata.name", refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid").At("details.causes")!.AsArray().Select(c => c.Text("field")));
    }

    [Fact]
    public async Task Openapi_describes_the_kind()
    {
        var index = (await Api.GetAsync("/openapi/v3")).Expect(HttpStatusCode.OK);
        var path = index.Body["paths"]![$"apis/{WidgetKind.Group}/v1"].Text("serverRelativeURL")!;

        var schemas = (await Api.GetAsync(path)).Expect(HttpStatusCode.OK).Body["components"]!["schemas"]!.AsObject();

        var widget = Assert.Single(schemas, schema => schema.Value?["x-kubernetes-group-version-kind"] is JsonArray kinds && kinds.Any(k => k.Text("kind") == "Widget")).Value;
        Assert.Equal("string", widget.Text("properties.spec.properties.color.type"));
    }

    private static string Object(CustomKind kind, string name) =>
        $$"""{"apiVersion": "{{kind.Group}}/v1", "kind": "{{kind.Kind}}", "metadata": {"name": "{{name}}"}, "spec": {"x": 1} }""";
}

using System.Text.Json.Nodes;
using LocalCluster.Schemas;
using LocalCluster.Tests.Testing;

namespace LocalCluster.Tests.Schemas;

/// <summary>The definition that this project installs, with objects as its users write them.</summary>
public sealed class ManagedServiceTests
{
    private const string Service = """
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: ManagedService
        metadata: {name: payment, namespace: shop}
        spec:
          owner: {team: payments}
          workload:
            image: fleet.local/payment:1.0.0
            ports:
            - {name: http, port: 8080}
        """;

    private static readonly CrdSchemas Schemas = CrdSchemas.Read(Yaml.Object(File.ReadAllText(
        RepositoryFiles.PathOf("manifests", "crds", "managedservices.yaml"))));

    [Fact]
    public void Its_schema_is_accepted() => Assert.Empty(Schemas.Errors);

    [Fact]
    public void A_service_as_its_owner_writes_it_is_valid() => Assert.Empty(ErrorsOf(_ => { }));

    [Fact]
    public void Defaults_fill_in_what_a_service_leaves_out()
    {
        var service = Yaml.Object(Service);

        Defaulting.Apply(service, Schemas.ByVersion["v1alpha1"]);

        Assert.Equal("Standard", (string?)service["spec"]!["tier"]);
        Assert.Equal("Production", (string?)service["spec"]!["lifecycle"]);
        Assert.Equal("TCP", (string?)service["spec"]!["workload"]!["ports"]![0]!["protocol"]);
    }

    [Theory]
    [InlineData("spec.owner.team", "Payments", "spec.owner.team: Invalid value: \"Payments\": spec.owner.team in body should match")]
    [InlineData("spec.owner", null, "spec.owner: Required value")]
    [InlineData("spec.tier", "Huge", "spec.tier: Unsupported value: \"Huge\": supported values: \"Critical\", \"High\", \"Standard\", \"Low\"")]
    [InlineData("spec.workload", null, "spec: Invalid value: set exactly one of workload")]
    [InlineData("spec.workload.image", null, "spec.workload: Invalid value: set image, or template")]
    [InlineData("spec.workload.replicas", -1, "spec.workload.replicas: Invalid value: -1: spec.workload.replicas in body should be greater than or equal to")]
    [InlineData("spec.workload.ports[0].port", "http", "spec.workload.ports[0].port: Invalid value: \"string\": spec.workload.ports[0].port in body must be of type integer: \"string\"")]
    [InlineData("metadata.name", "4shop", "<nil>: Invalid value: metadata.name must be a DNS label")]
    public void A_broken_service_is_refused_with_the_field_at_fault(string field, object? value, string expected)
    {
        var errors = ErrorsOf(service => Put(service, field, value is null ? null : JsonValue.Create(value)));

        Assert.StartsWith(expected, Assert.Single(errors, error => !error.Contains("some validation rules were not checked")));
    }

    [Fact]
    public void A_field_that_the_schema_does_not_know_is_pruned_and_told()
    {
        var service = Yaml.Object(Service);
        service["spec"]!["workload"]!["imagePullpolicy"] = "Always";

        Assert.Equal(["spec.workload.imagePullpolicy"], Pruning.PruneAndReport(service, Schemas.ByVersion["v1alpha1"]));
        Assert.Null(service["spec"]!["workload"]!["imagePullpolicy"]);
    }

    private static List<string> ErrorsOf(Action<JsonObject> change)
    {
        var schema = Schemas.ByVersion["v1alpha1"];
        var service = Yaml.Object(Service);
        change(service);
        Defaulting.Apply(service, schema);
        return [.. ObjectValidation.Validate(service, old: null, schema).Errors.Select(error => error.ToString())];
    }

    private static void Put(JsonNode node, string field, JsonNode? value)
    {
        var steps = field.Replace("[0]", ".0").Split('.');
        foreach (var step in steps[..^1])
        {
            node = node is JsonArray list ? list[step[0] - '0']! : node[step]!;
        }

        if (value is null)
        {
            ((JsonObject)node).Remove(steps[^1]);
        }
        else
        {
            node[steps[^1]] = value;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;

namespace ControlPlane.Kubernetes.Tests.Applying;

public sealed class SpecClaimTests
{
    [Fact]
    public void The_spec_passes_to_the_claimant_and_the_rest_stays_with_its_owners()
    {
        var stored = Stored(
            """{"manager":"kubectl","operation":"Update","apiVersion":"v1","fieldsV1":{"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:owner":{"f:team":{}}}}}""",
            """{"manager":"flux","operation":"Apply","apiVersion":"v1","fieldsV1":{"f:spec":{"f:owner":{"f:email":{}},"f:tier":{}}}}""",
            """{"manager":"operator","operation":"Apply","apiVersion":"v1","subresource":"status","fieldsV1":{"f:status":{"f:version":{}}}}""");

        var entries = Claimed(stored);

        Assert.Equal(
            [
                """kubectl Update {"f:metadata":{"f:labels":{"f:a":{}}}}""",
                """operator Apply {"f:status":{"f:version":{}}}""",
                """console Apply {"f:spec":{"f:owner":{"f:team":{},"f:email":{}},"f:tier":{}}}""",
            ],
            entries.Select(entry => $"{entry["manager"]} {entry["operation"]} {entry["fieldsV1"]!.ToJsonString()}"));
    }

    [Fact]
    public void A_claimant_that_owns_a_part_gets_the_rest()
    {
        var stored = Stored(
            """{"manager":"console","operation":"Apply","apiVersion":"v1","fieldsV1":{"f:spec":{"f:tier":{}}}}""",
            """{"manager":"console","operation":"Update","apiVersion":"v1","fieldsV1":{"f:spec":{"f:team":{}}}}""");

        var entry = Assert.Single(Claimed(stored));

        Assert.Equal("""{"f:spec":{"f:tier":{},"f:team":{}}}""", entry["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public void There_is_nothing_to_claim_for_who_owns_the_spec_alone() => Assert.Null(SpecClaim.Patch(
        Stored(
            """{"manager":"console","operation":"Apply","apiVersion":"v1","fieldsV1":{"f:spec":{"f:tier":{}}}}""",
            """{"manager":"kubectl","operation":"Update","apiVersion":"v1","fieldsV1":{"f:metadata":{"f:labels":{"f:a":{}}}}}"""),
        "console"));

    [Fact]
    public void An_object_that_was_changed_meanwhile_is_not_claimed()
    {
        var test = JsonNode.Parse(SpecClaim.Patch(Stored("""{"manager":"kubectl","operation":"Update","fieldsV1":{"f:spec":{}}}"""), "console"))![0]!;

        Assert.Equal(("test", "/metadata/resourceVersion", "7"), ((string)test["op"]!, (string)test["path"]!, (string)test["value"]!));
    }

    private static List<JsonNode> Claimed(JsonObject stored) =>
        [.. JsonNode.Parse(SpecClaim.Patch(stored, "console"))!.AsArray().Single(operation => (string)operation!["path"]! == "/metadata/managedFields")!["value"]!.AsArray().OfType<JsonNode>()];

    private static JsonObject Stored(params string[] entries) =>
        JsonNode.Parse($$"""{"apiVersion":"v1", "metadata": {"resourceVersion":"7", "managedFields":[{{string.Join(',', entries)}}] } }""")!.AsObject();
}

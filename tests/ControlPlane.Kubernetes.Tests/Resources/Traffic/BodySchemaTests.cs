using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources.Traffic.Schemas;

namespace ControlPlane.Kubernetes.Tests.Resources.Traffic;

public sealed class BodySchemaTests
{
    private const string Order = """
        {
          "type": "object",
          "required": ["items"],
          "additionalProperties": false,
          "properties": {
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "object", "required": ["sku"], "properties": {
              "sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]+$", "maxLength": 8},
              "quantity": {"type": "integer", "minimum": 1, "exclusiveMaximum": 100, "multipleOf": 2}}}},
            "channel": {"enum": ["web", "app"]},
            "note": {"type": ["string", "null"], "minLength": 2},
            "version": {"const": 2}
          }
        }
        """;

    [Theory]
    [InlineData("""{"items": [{"sku": "ABC-1", "quantity": 2}], "channel": "app", "note": null, "version": 2.0}""", null)]
    [InlineData("""{"items": [{"sku": "ABC-1", "quantity": 4.0, "other": [1, {}]}]}""", null)]
    [InlineData("""[]""", ": must be object")]
    [InlineData("""{}""", "/items: is missing")]
    [InlineData("""{"items": []}""", "/items: must have at least 1 items")]
    [InlineData("""{"items": [{"sku": "A"}, {}, {}, {}]}""", "/items: must have at most 3 items")]
    [InlineData("""{"items": [{"sku": "abc"}]}""", "/items/0/sku: does not match its pattern")]
    [InlineData("""{"items": [{"sku": "ABC-12345"}]}""", "/items/0/sku: must have at most 8 characters")]
    [InlineData("""{"items": [{"sku": "ABC-1"}, {}]}""", "/items/1/sku: is missing")]
    [InlineData("""{"items": [{"sku": "ABC-1", "quantity": 0}]}""", "/items/0/quantity: must be at least 1")]
    [InlineData("""{"items": [{"sku": "ABC-1", "quantity": 100}]}""", "/items/0/quantity: must be less than 100")]
    [InlineData("""{"items": [{"sku": "ABC-1", "quantity": 3}]}""", "/items/0/quantity: must be a multiple of 2")]
    [InlineData("""{"items": [{"sku": "ABC-1", "quantity": 2.5}]}""", "/items/0/quantity: must be integer")]
    [InlineData("""{"items": [{"sku": "ABC-1"}], "channel": "fax"}""", "/channel: is none of the values that it may be")]
    [InlineData("""{"items": [{"sku": "ABC-1"}], "note": "x"}""", "/note: must have at least 2 characters")]
    [InlineData("""{"items": [{"sku": "ABC-1"}], "note": "😀"}""", "/note: must have at least 2 characters")]
    [InlineData("""{"items": [{"sku": "ABC-1"}], "a/b~c": 1}""", "/a~1b~0c: must not be there")]
    public void The_first_place_that_does_not_fit_is_told(string body, string? violation)
    {
        using var json = JsonDocument.Parse(body);

        var found = Read(Order).Check(json.RootElement);

        Assert.Equal(violation, found is null ? null : $"{found.Pointer}: {found.Message}");
    }

    [Theory]
    [InlineData("""{"properties": {"a": {"$ref": "#/x"}}}""", "spec.schema.properties.a.$ref")]
    [InlineData("""{"oneOf": [{}]}""", "spec.schema.oneOf")]
    [InlineData("""{"format": "email"}""", "spec.schema.format")]
    [InlineData("""{"type": "text"}""", "spec.schema.type")]
    [InlineData("""{"pattern": "(a)\\1"}""", "spec.schema.pattern")]
    [InlineData("""{"pattern": "("}""", "spec.schema.pattern")]
    [InlineData("""{"minLength": -1}""", "spec.schema.minLength")]
    [InlineData("""{"minimum": "1"}""", "spec.schema.minimum")]
    [InlineData("""{"multipleOf": 0}""", "spec.schema.multipleOf")]
    [InlineData("""{"required": [1]}""", "spec.schema.required")]
    [InlineData("""{"items": 5}""", "spec.schema.items")]
    public void What_is_not_checked_is_refused_with_its_place(string schema, string field)
    {
        Assert.Null(BodySchemaReader.Read(JsonNode.Parse(schema)!.AsObject(), "spec.schema", out var problems));

        Assert.Equal(field, Assert.Single(problems).Field);
    }

    [Fact]
    public void A_schema_that_is_deeper_or_larger_than_anybody_needs_is_refused()
    {
        var deep = Enumerable.Range(0, 40).Aggregate("{}", static (inner, _) => $$"""{"items": {{inner}} }""");
        var wide = $$"""{"properties": { {{string.Join(',', Enumerable.Range(0, 1001).Select(i => $$"""
            "p{{i}}": {}
            """))}} } }""";

        Assert.All([deep, wide], schema => Assert.Null(BodySchemaReader.Read(JsonNode.Parse(schema)!.AsObject(), "spec.schema", out _)));
    }

    [Fact]
    public void Notes_say_nothing_of_what_is_valid() =>
        Assert.Null(Read("""{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Order", "description": "x", "examples": [1]}""").Check(JsonSerializer.SerializeToElement(5)));

    private static BodySchema Read(string schema)
    {
        var read = BodySchemaReader.Read(JsonNode.Parse(schema)!.AsObject(), "spec.schema", out var problems);
        Assert.Empty(problems);
        return read!;
    }
}

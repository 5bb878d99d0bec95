using System.Text.Json.Nodes;
using Operators.Rollouts.Evidence.Contracts;

namespace Operators.Tests.Rollouts.Evidence.Contracts;

public sealed class ContractComparerTests
{
    private const string Old = """
        {
          "openapi": "3.1.1",
          "paths": {
            "/orders": {
              "get": {
                "parameters": [
                  {"name": "state", "in": "query", "schema": {"enum": ["PLACED", "PAID"]}},
                  {"$ref": "#/components/parameters/limit"}
                ],
                "responses": {"200": {"content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}}}}}, "400": {}}
              },
              "post": {
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}}},
                "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}
              }
            },
            "/orders/{id}": {"delete": {"responses": {"204": {}}}}
          },
          "components": {
            "parameters": {"limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}},
            "schemas": {
              "Order": {
                "required": ["id", "total"],
                "type": "object",
                "properties": {
                  "id": {"type": "string"},
                  "total": {"type": ["number", "null"]},
                  "note": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Note"}]},
                  "parent": {"$ref": "#/components/schemas/Order"}
                }
              },
              "Note": {"type": "object", "properties": {"text": {"type": "string"}}},
              "NewOrder": {
                "allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": {"type": "string"}}}}]
              },
              "Base": {"type": "object", "properties": {"channel": {"enum": ["web", "app"]}, "gift": {"type": ["boolean", "null"]}}}
            }
          }
        }
        """;

    /// <summary>What is put in the place of what, and what is found.</summary>
    public static TheoryData<string, string, string> Breaks => new()
    {
        { "\"/orders/{id}\"", "\"/order/{id}\"", "paths[\"/orders/{id}\"] was removed" },
        { "\"delete\"", "\"put\"", "paths[\"/orders/{id}\"].delete was removed" },
        { "\"204\"", "\"200\"", "paths[\"/orders/{id}\"].delete.responses[\"204\"] was removed" },
        { "{\"content\": {\"application/json\": {\"schema\": {\"type\": \"array\"", "{\"content\": {\"text/csv\": {\"schema\": {\"type\": \"array\"", "paths[\"/orders\"].get.responses[\"200\"].content[\"application/json\"] was removed" },
        { "\"note\": {\"oneOf\": [{\"type\": \"null\"}, ", "\"remark\": {\"oneOf\": [{\"type\": \"null\"}, ", "paths[\"/orders\"].get.responses[\"200\"].body[].note was removed; paths[\"/orders\"].post.responses[\"201\"].body.note was removed" },
        { "\"text\"", "\"words\"", "paths[\"/orders\"].get.responses[\"200\"].body[].note.text was removed; paths[\"/orders\"].post.responses[\"201\"].body.note.text was removed" },
        { "\"id\": {\"type\": \"string\"}", "\"id\": {\"type\": \"integer\"}", "paths[\"/orders\"].get.responses[\"200\"].body[].id changed its type from string to integer; paths[\"/orders\"].post.responses[\"201\"].body.id changed its type from string to integer" },
        { "\"id\": {\"type\": \"string\"}", "\"id\": {\"type\": \"string\", \"nullable\": true}", "paths[\"/orders\"].get.responses[\"200\"].body[].id changed its type from string to string|null; paths[\"/orders\"].post.responses[\"201\"].body.id changed its type from string to string|null" },
        { "[\"id\", \"total\"]", "[\"id\"]", "paths[\"/orders\"].get.responses[\"200\"].body[].total may be missing now; paths[\"/orders\"].post.responses[\"201\"].body.total may be missing now" },
        { "[\"PLACED\", \"PAID\"]", "[\"PLACED\"]", "paths[\"/orders\"].get.parameters[\"query.state\"] does not take PAID any more" },
        { "\"in\": \"query\", \"schema\": {\"type\": \"integer\"}", "\"in\": \"query\", \"required\": true, \"schema\": {\"type\": \"integer\"}", "paths[\"/orders\"].get.parameters[\"query.limit\"] became required" },
        { "{\"name\": \"state\"", "{\"name\": \"tenant\", \"in\": \"header\", \"required\": true}, {\"name\": \"state\"", "paths[\"/orders\"].get.parameters[\"header.tenant\"] is new and required" },
        { "{\"type\": \"integer\"}", "{\"type\": \"boolean\"}", "paths[\"/orders\"].get.parameters[\"query.limit\"] changed its type from integer to boolean" },
        { "[\"web\", \"app\"]", "[\"web\"]", "paths[\"/orders\"].post.requestBody.body.channel does not take app any more" },
        { "[\"items\"]", "[\"items\", \"pin\"]", "paths[\"/orders\"].post.requestBody.body.pin is new and required" },
        { "[\"items\"]", "[\"items\", \"gift\"]", "paths[\"/orders\"].post.requestBody.body.gift became required" },
        { "[\"boolean\", \"null\"]", "\"boolean\"", "paths[\"/orders\"].post.requestBody.body.gift changed its type from boolean|null to boolean" },
        { "{\"oneOf\": [{\"type\": \"null\"}, ", "{\"oneOf\": [{\"type\": \"null\"}, {\"type\": \"string\"}, ", "paths[\"/orders\"].get.responses[\"200\"].body[].note.oneOf gives more kinds of values; paths[\"/orders\"].post.responses[\"201\"].body.note.oneOf gives more kinds of values" },
    };

    /// <summary>What is put in the place of what, and breaks nobody.</summary>
    public static TheoryData<string, string> Additions => new()
    {
        { "\"/orders/{id}\"", "\"/orders/{orderId}\"" },
        { "\"delete\"", "\"get\": {\"responses\": {}}, \"delete\"" },
        { "\"id\": {\"type\": \"string\"}", "\"id\": {\"type\": \"string\"}, \"city\": {\"type\": \"string\"}" },
        { "[\"number\", \"null\"]", "\"integer\"" },
        { "[\"PLACED\", \"PAID\"]", "[\"PLACED\", \"PAID\", \"SHIPPED\"]" },
        { "[\"boolean\", \"null\"]", "[\"boolean\", \"null\", \"string\"]" },
        { "\"requestBody\": {\"required\": true", "\"requestBody\": {\"required\": false" },
        { "[\"items\"]", "[]" },
        { "{\"name\": \"state\"", "{\"name\": \"tenant\", \"in\": \"header\"}, {\"name\": \"state\"" },
        { "\"400\": {}", "\"409\": {}" },
    };

    [Fact]
    public void A_description_breaks_nothing_of_itself() => Assert.Equal("", Found(Old, Old));

    [Theory]
    [MemberData(nameof(Breaks))]
    public void What_callers_would_notice_is_found_with_its_place(string part, string becomes, string found)
    {
        Assert.Contains(part, Old, StringComparison.Ordinal);
        Assert.Equal(found, Found(Old, Old.Replace(part, becomes, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Additions))]
    public void What_is_added_breaks_nobody(string part, string becomes)
    {
        Assert.Contains(part, Old, StringComparison.Ordinal);
        Assert.Equal("", Found(Old, Old.Replace(part, becomes, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"paths": 7}""")]
    [InlineData("""{"paths": {"/orders": null, "/orders/{id}": []}}""")]
    [InlineData("""{"paths": {"/orders": {"get": {"responses": {"200": {"$ref": "#/nowhere"}}, "parameters": {"not": "a list"}}}}}""")]
    public void Whatever_is_served_in_the_place_of_a_description_is_compared_without_an_end(string odd)
    {
        Assert.NotEqual("", Found(Old, odd));
        Assert.Equal("", Found("{}", odd));
        Found(odd, Old);
    }

    [Fact]
    public void References_in_a_circle_end()
    {
        const string Circle = """{"paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/x"}}}}}, "components": {"x": {"$ref": "#/components/y"}, "y": {"$ref": "#/components/x"}}}""";
        Assert.Equal("", Found(Circle, Circle));
    }

    private static string Found(string old, string @new) =>
        string.Join("; ", ContractComparer.Compare(JsonNode.Parse(old)!.AsObject(), JsonNode.Parse(@new)!.AsObject()));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Api;

/// <summary>
/// Refuses JSON whose types are not those of a built-in kind, as decoding does in Kubernetes: before anything else is looked at, so that
/// the code behind can rely on them.
/// </summary>
internal static class TypeCheck
{
    /// <summary>Finds the first value of a wrong type.</summary>
    /// <param name="value">What the client sent.</param>
    /// <param name="schema">What it should be.</param>
    /// <param name="kind">Name of the type, for the message.</param>
    /// <returns>What is wrong, in the words of Go's decoder; null when nothing is.</returns>
    public static string? Find(JsonNode? value, SchemaNode schema, string kind) => Find(value, schema, kind, "");

    private static string? Find(JsonNode? value, SchemaNode schema, string kind, string path)
    {
        if (value is null)
        {
            return null;
        }

        if (Expected(schema, value) is { } expected)
        {
            return $"json: cannot unmarshal {Name(value)} into Go struct field {kind}.{path} of type {expected}";
        }

        switch (value)
        {
            case JsonObject map:
                foreach (var (name, child) in map)
                {
                    if (schema.Field(name) is { } field && Find(child, field, kind, path.Length == 0 ? name : $"{path}.{name}") is { } wrong)
                    {
                        return wrong;
                    }
                }

                return null;
            case JsonArray list when schema.Items is { } items:
                return list.Select(item => Find(item, items, kind, path)).FirstOrDefault(wrong => wrong is not null);
            default:
                return null;
        }
    }

    /// <returns>The type that was expected when the value is not of it.</returns>
    private static string? Expected(SchemaNode schema, JsonNode value)
    {
        var actual = value.GetValueKind();
        return schema.Type switch
        {
            SchemaType.Object when actual is not JsonValueKind.Object => schema.AllowsAdditionalProperties ? "map[string]string" : "struct",
            SchemaType.Array when actual is not JsonValueKind.Array => "[]" + (schema.Items?.Type == SchemaType.String ? "string" : "struct"),
            SchemaType.String when actual is not JsonValueKind.String => "string",
            SchemaType.Integer when !value.TryInteger(out _) => schema.Constraints?.Format ?? "int64",
            SchemaType.Number when actual is not JsonValueKind.Number => "float64",
            SchemaType.Boolean when actual is not (JsonValueKind.True or JsonValueKind.False) => "bool",
            SchemaType.IntOrString when actual is not (JsonValueKind.String or JsonValueKind.Number) => "intstr.IntOrString",
            _ => null,
        };
    }

    private static string Name(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };
}

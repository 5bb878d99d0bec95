using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.Validation;

/// <summary>Finds fields of built-in kinds that an update changes although it may not.</summary>
internal static class ImmutableFields
{
    /// <summary>Compares an object with the one that it replaces.</summary>
    public static List<FieldError> Check(JsonObject value, JsonObject old, SchemaNode schema)
    {
        var errors = new List<FieldError>();
        Walk(value, old, schema, new FieldPath(), errors);
        return errors;
    }

    private static void Walk(JsonObject value, JsonObject old, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        foreach (var name in schema.Immutable)
        {
            if (!JsonNode.DeepEquals(value[name], old[name]))
            {
                path.Enter(name);
                errors.Add(FieldError.Invalid(path.ToString(), value[name], "field is immutable"));
                path.Leave();
            }
        }

        foreach (var (name, child) in value)
        {
            if (child is JsonObject map && old[name] is JsonObject before && schema.Properties.TryGetValue(name, out var field))
            {
                path.Enter(name);
                Walk(map, before, field, path, errors);
                path.Leave();
            }
        }
    }
}

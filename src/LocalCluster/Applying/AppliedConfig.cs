using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>Checks a configuration before it is applied: what it says must have a place in the kind.</summary>
internal static class AppliedConfig
{
    /// <exception cref="ApplyConfigException">A field is unknown, an item is there twice or lacks its key, or a type is wrong.</exception>
    public static void Check(JsonObject config, SchemaNode schema)
    {
        var errors = Find(config, schema, "").ToList();
        if (errors.Count > 0)
        {
            throw new ApplyConfigException(errors);
        }
    }

    private static IEnumerable<string> Find(JsonNode? value, SchemaNode? schema, string path) => (value, schema) switch
    {
        (null, _) or (_, null) => [],
        _ when Mismatch(value, schema) is { } mismatch => [$"{path}: {mismatch}"],
        (JsonObject map, _) => FindInFields(map, schema, path),
        (JsonArray list, { ListType: ListType.Map or ListType.Set }) => FindInItems(list, schema, path),
        (JsonArray list, { Items: { } items }) => list.SelectMany((item, i) => Find(item, items, $"{path}[{i}]")),
        _ => [],
    };

    private static IEnumerable<string> FindInFields(JsonObject map, SchemaNode schema, string path)
    {
        foreach (var (name, child) in map)
        {
            var known = schema.Properties.ContainsKey(name) || schema.AllowsAdditionalProperties || schema.PreserveUnknownFields
                || schema.Type == SchemaType.Any
                || (schema.EmbeddedResource && name is "apiVersion" or "kind" or "metadata");
            if (!known)
            {
                yield return $"{path}.{name}: field not declared in schema";
                continue;
            }

            foreach (var error in Find(child, schema.Field(name), $"{path}.{name}"))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<string> FindInItems(JsonArray list, SchemaNode schema, string path)
    {
        var seen = new HashSet<string>();
        foreach (var (i, item) in list.Index())
        {
            if (!PathElement.TryItem(item, schema, out var element))
            {
                yield return $"{path}: element {i}: associative list with keys has an element that omits key field "
                    + $"\"{schema.ListMapKeys.FirstOrDefault(k => item is not JsonObject map || map[k] is null)}\" (and doesn't have default value)";
                continue;
            }

            var step = PathElement.Show([element]);
            if (!seen.Add(element))
            {
                yield return $"{path}: duplicate entries for key {step}";
            }

            foreach (var error in Find(item, schema.Items, path + step))
            {
                yield return error;
            }
        }
    }

    private static string? Mismatch(JsonNode value, SchemaNode schema)
    {
        var kind = value.GetValueKind();
        return schema.Type switch
        {
            SchemaType.Object when kind != JsonValueKind.Object => $"expected map, got {Show(value)}",
            SchemaType.Array when kind != JsonValueKind.Array => $"expected list, got {Show(value)}",
            SchemaType.String when kind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
                && schema.Constraints?.Format != "quantity" => $"expected string, got {Show(value)}",
            SchemaType.Integer or SchemaType.Number when kind != JsonValueKind.Number => $"expected numeric (int or float), got {Show(value)}",
            SchemaType.Boolean when kind is not (JsonValueKind.True or JsonValueKind.False) => $"expected boolean, got {Show(value)}",
            _ => null,
        };
    }

    private static string Show(JsonNode value) => $"&value.valueUnstructured{{Value:{value.ToJsonString()}}}";
}

using System.Text.Json.Nodes;

namespace LocalCluster.Schemas;

/// <summary>Fills in what an object leaves out, as its schema says.</summary>
internal static class Defaulting
{
    /// <summary>
    /// Puts a copy of the default wherever a field is absent, or null without being nullable. Run <see cref="Nulls.Drop"/> before it.
    /// Applying it twice changes nothing more.
    /// </summary>
    public static void Apply(JsonNode? value, SchemaNode schema)
    {
        switch (value)
        {
            case JsonObject map:
                ApplyToObject(map, schema);
                break;
            case JsonArray list when schema.Items is { } items:
                ApplyToItems(list, items);
                break;
        }
    }

    private static void ApplyToObject(JsonObject map, SchemaNode schema)
    {
        schema.ComputeDefaults?.Invoke(map);
        foreach (var (name, property) in schema.Properties)
        {
            if (property.Default is { } value && (!map.TryGetPropertyValue(name, out var present) || IsUnwantedNull(present, property)))
            {
                map[name] = value.DeepClone();
            }
        }

        for (var i = 0; i < map.Count; i++)
        {
            var (name, child) = map.GetAt(i);
            if (schema.Field(name) is not { } field)
            {
                continue;
            }

            if (IsUnwantedNull(child, field) && field.Default is { } value)
            {
                child = value.DeepClone();
                map.SetAt(i, child);
            }

            Apply(child, field);
        }
    }

    private static void ApplyToItems(JsonArray list, SchemaNode items)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (IsUnwantedNull(list[i], items) && items.Default is { } value)
            {
                list[i] = value.DeepClone();
            }

            Apply(list[i], items);
        }
    }

    private static bool IsUnwantedNull(JsonNode? value, SchemaNode schema) => value is null && !schema.Nullable;
}

using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.Validation;

/// <summary>
/// The value that a value replaces on an update, found by the names of properties and the keys of list items. Items of sets and of
/// atomic lists have none.
/// </summary>
/// <param name="Exists">True when there is an old value.</param>
/// <param name="Old">The old value; it may be null.</param>
internal readonly record struct Correlation(bool Exists, JsonNode? Old)
{
    /// <summary>The value is new, or nobody can say what it replaces.</summary>
    public static Correlation None => default;

    /// <summary>What a value replaces; null for nothing.</summary>
    public static Correlation To(JsonNode? old) => new(old is not null, old);

    /// <summary>What a property of the value replaces.</summary>
    public Correlation Property(string name) =>
        Old is JsonObject map && map.TryGetPropertyValue(name, out var old) ? new(true, old) : None;

    /// <summary>What an item of the value, which is a list, replaces.</summary>
    /// <param name="list">The list.</param>
    /// <param name="index">Index of the item.</param>
    /// <param name="schema">Schema of the list.</param>
    public Correlation Item(JsonArray list, int index, SchemaNode schema)
    {
        if (Old is not JsonArray old || schema.ListType != ListType.Map || list[index] is not JsonObject item)
        {
            return None;
        }

        // Most lists keep their order.
        if (index < old.Count && old[index] is JsonObject same && HaveSameKeys(item, same, schema.ListMapKeys))
        {
            return new(true, same);
        }

        foreach (var other in old)
        {
            if (other is JsonObject candidate && HaveSameKeys(item, candidate, schema.ListMapKeys))
            {
                return new(true, candidate);
            }
        }

        return None;
    }

    /// <summary>
    /// True when the value equals the one that it replaces, as far as the schema knows both. A whole Kubernetes object never does,
    /// because its schema does not tell what is in its metadata.
    /// </summary>
    public bool IsUnchanged(JsonNode? value, SchemaNode schema)
    {
        if (!Exists || value is null || Old is null)
        {
            return Exists && value is null && Old is null;
        }

        return value switch
        {
            JsonObject map => Old is JsonObject old && map.Count == old.Count && !schema.EmbeddedResource && HasSameProperties(map, schema),
            JsonArray list when schema is { ListType: ListType.Map, Items: { } items } =>
                Old is JsonArray old && list.Count == old.Count && HasSameItems(list, schema, items),
            _ => JsonNode.DeepEquals(value, Old),
        };
    }

    private bool HasSameProperties(JsonObject map, SchemaNode schema)
    {
        foreach (var (name, child) in map)
        {
            if (schema.Field(name) is not { } field || !Property(name).IsUnchanged(child, field))
            {
                return false;
            }
        }

        return true;
    }

    private bool HasSameItems(JsonArray list, SchemaNode schema, SchemaNode items)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (!Item(list, i, schema).IsUnchanged(list[i], items))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HaveSameKeys(JsonObject a, JsonObject b, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            if (!a.TryGetPropertyValue(key, out var x) || !b.TryGetPropertyValue(key, out var y)
                || x is not JsonValue || y is not JsonValue || !JsonNode.DeepEquals(x, y))
            {
                return false;
            }
        }

        return true;
    }
}

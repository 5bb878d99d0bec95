using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>Removes fields from a value.</summary>
internal static class Removal
{
    /// <summary>The value without the fields of a set. Objects and lists that become empty by it stay, empty.</summary>
    public static JsonNode? Remove(JsonNode? value, FieldSet fields, SchemaNode? schema)
    {
        switch (value)
        {
            case JsonObject map when schema is not { AtomicMap: true }:
                var kept = new JsonObject();
                foreach (var (name, child) in map)
                {
                    var below = fields.Child(PathElement.Field(name));
                    if (below is not { IsMember: true })
                    {
                        kept[name] = below is null ? child?.DeepClone() : Remove(child, below, schema?.Field(name));
                    }
                }

                return kept;
            case JsonArray list when schema?.ListType is ListType.Map or ListType.Set:
                var items = new JsonArray();
                foreach (var item in list)
                {
                    var below = PathElement.TryItem(item, schema, out var element) ? fields.Child(element) : null;
                    if (below is not { IsMember: true })
                    {
                        items.Add(below is null ? item?.DeepClone() : Remove(item, below, schema.Items));
                    }
                }

                return items;
            default:
                return value?.DeepClone();
        }
    }
}

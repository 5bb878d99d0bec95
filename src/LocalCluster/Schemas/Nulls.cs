using System.Text.Json.Nodes;

namespace LocalCluster.Schemas;

/// <summary>Explicit nulls where the schema does not know null.</summary>
internal static class Nulls
{
    /// <summary>
    /// Removes properties that are null without being nullable. Those with a default stay, for <see cref="Defaulting"/> to replace.
    /// Nulls in lists and in unknown fields stay as they are.
    /// </summary>
    public static void Drop(JsonNode? value, SchemaNode? schema)
    {
        switch (value)
        {
            case JsonObject map:
                for (var i = map.Count - 1; i >= 0; i--)
                {
                    var (name, child) = map.GetAt(i);
                    var field = schema?.Field(name);
                    if (child is null && field is { Nullable: false, Default: null })
                    {
                        map.RemoveAt(i);
                    }
                    else
                    {
                        Drop(child, field);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Drop(item, schema?.Items);
                }

                break;
        }
    }
}

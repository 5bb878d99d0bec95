using System.Text.Json.Nodes;

namespace LocalCluster.Schemas;

/// <summary>Removes the fields that a schema does not know.</summary>
internal static class Pruning
{
    /// <summary>Prunes an object and forgets what went.</summary>
    public static void Prune(JsonNode? value, SchemaNode schema) => Walk(value, schema, preserve: false, path: null, unknown: null);

    /// <summary>Prunes an object.</summary>
    /// <returns>Sorted paths of what went, such as <c>spec.foo</c> and <c>spec.ports[0].bar</c>, for <c>unknown field "…"</c>.</returns>
    public static IReadOnlyList<string> PruneAndReport(JsonNode? value, SchemaNode schema)
    {
        var unknown = new List<string>();
        Walk(value, schema, preserve: false, new FieldPath(), unknown);
        unknown.Sort(StringComparer.Ordinal);
        return unknown;
    }

    /// <param name="value">What to prune.</param>
    /// <param name="schema">What is known of it; null when nothing is.</param>
    /// <param name="preserve">True below a node that preserves unknown fields, until a node that the schema knows better.</param>
    /// <param name="path">Where <paramref name="value"/> is; null when nobody asks.</param>
    /// <param name="unknown">Takes the paths of what went.</param>
    private static void Walk(JsonNode? value, SchemaNode? schema, bool preserve, FieldPath? path, List<string>? unknown)
    {
        preserve |= schema is { PreserveUnknownFields: true };
        switch (value)
        {
            case JsonObject map:
                WalkObject(map, schema, preserve, path, unknown);
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    path?.EnterIndex(i);
                    Walk(list[i], schema?.Items, preserve, path, unknown);
                    path?.Leave();
                }

                break;
        }
    }

    private static void WalkObject(JsonObject map, SchemaNode? schema, bool preserve, FieldPath? path, List<string>? unknown)
    {
        for (var i = map.Count - 1; i >= 0; i--)
        {
            var (name, child) = map.GetAt(i);
            if (schema is not null && Knows(schema, name))
            {
                path?.Enter(name);
                Walk(child, schema.Field(name), preserve: false, path, unknown);
                path?.Leave();
            }
            else if (!preserve)
            {
                if (path is not null)
                {
                    path.Enter(name);
                    unknown!.Add(path.Relative());
                    path.Leave();
                }

                map.RemoveAt(i);
            }
        }
    }

    private static bool Knows(SchemaNode schema, string name) =>
        schema.AllowsAdditionalProperties
        || schema.Properties.ContainsKey(name)
        || (schema.EmbeddedResource && name is "apiVersion" or "kind");
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Conformance.Cluster;

/// <summary>Reads values out of objects by path: names and list positions, with dots between them.</summary>
internal static class JsonPaths
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value at a path; null when it isn't there.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var step in path.Split('.'))
        {
            node = node switch
            {
                JsonObject obj => obj[step],
                JsonArray list when int.Parse(step, CultureInfo.InvariantCulture) is var index && index < list.Count => list[index],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>The value at a path as text; null when it isn't there.</summary>
    public static string? Text(this JsonNode? node, string path) => node.At(path)?.ToString();

    /// <summary>The value at a path as JSON with its fields in order of their names; <c>null</c> when it isn't there.</summary>
    public static string Json(this JsonNode? node, string path) => Sorted(node.At(path))?.ToJsonString(Plain) ?? "null";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject obj => new JsonObject(obj.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}

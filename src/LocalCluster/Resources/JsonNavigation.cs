using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCluster.Resources;

/// <summary>Finds values in objects by paths: names of properties, separated by dots. What is missing on the way is no error.</summary>
internal static class JsonNavigation
{
    /// <summary>The node at a path, or null.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    /// <summary>The text at a path; empty when there is none.</summary>
    public static string Text(this JsonNode? node, string path) => node.At(path) switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => other.ToJsonString(),
    };

    /// <summary>The number at a path; 0 when there is none.</summary>
    public static long Number(this JsonNode? node, string path) => node.At(path) is JsonValue value && value.TryGetValue(out long number) ? number : 0;

    /// <summary>The items of the list at a path.</summary>
    public static IReadOnlyList<JsonNode> Items(this JsonNode? node, string path) =>
        node.At(path) is JsonArray list ? [.. list.OfType<JsonNode>()] : [];

    /// <summary>The texts of the list at a path.</summary>
    public static IReadOnlyList<string> Texts(this JsonNode? node, string path) => [.. node.Items(path).Select(text => (string)text!)];

    /// <summary>True for a flag that is set at a path.</summary>
    public static bool Flag(this JsonNode? node, string path) => node.At(path) is JsonValue value && value.TryGetValue(out bool flag) && flag;

    /// <summary>The object at a path; created, with all on the way, when there is none.</summary>
    public static JsonObject ObjectAt(this JsonObject node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (node[name] is not JsonObject child)
            {
                child = [];
                node[name] = child;
            }

            node = child;
        }

        return node;
    }
}

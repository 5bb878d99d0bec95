using System.Text.Json.Nodes;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>Fields of rendered objects. What is not said is not written: it stays the data plane's to choose.</summary>
internal static class JsonFields
{
    /// <summary>Writes a field that has a value; an empty object or list is none.</summary>
    public static JsonObject Put(this JsonObject json, string name, JsonNode? value)
    {
        if (value is not (null or JsonObject { Count: 0 } or JsonArray { Count: 0 }))
        {
            json[name] = value;
        }

        return json;
    }

    /// <summary>A list of objects, in their order.</summary>
    public static JsonArray ToJson(this IEnumerable<JsonObject> items) => [.. items];

    /// <summary>A list of texts, in their order.</summary>
    public static JsonArray ToJson(this IEnumerable<string> items) => [.. items.Select(static item => (JsonNode)item)];

    /// <summary>A map of texts, in the order of its keys; of two with the same key the first.</summary>
    public static JsonObject ToJson(this IEnumerable<KeyValuePair<string, string>> items) =>
        new(items.DistinctBy(static item => item.Key).OrderBy(static item => item.Key, StringComparer.Ordinal).Select(static item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value)));
}

using System.Text.Json.Nodes;

namespace ControlPlane.Api.Fleet;

/// <summary>Cuts a live object down to the fields that are declared, so that the two can be read side by side.</summary>
internal static class DeclaredFields
{
    /// <summary>The fields of <paramref name="live"/> that <paramref name="declared"/> has too, in the order of the latter.</summary>
    public static JsonObject Of(JsonObject live, JsonObject declared) => (JsonObject)Cut(live, declared)!;

    private static JsonNode? Cut(JsonNode? live, JsonNode? declared)
    {
        switch (live, declared)
        {
            case (JsonObject json, JsonObject fields):
                return new JsonObject(fields.Where(f => json.ContainsKey(f.Key)).Select(f => KeyValuePair.Create(f.Key, Cut(json[f.Key], f.Value))));
            case (JsonArray items, JsonArray wanted):
                return new JsonArray([.. items.Select((item, i) => Cut(item, Counterpart(wanted, item, i)))]);
            default:
                return live?.DeepClone();
        }
    }

    /// <summary>The declared item that a live one stands for: of the same name where items have names, else at the same place.</summary>
    private static JsonNode? Counterpart(JsonArray wanted, JsonNode? item, int index)
    {
        foreach (var key in (string[])["name", "mountPath", "containerPort", "topologyKey", "uid"])
        {
            if ((item as JsonObject)?[key] is { } value)
            {
                return wanted.FirstOrDefault(w => JsonNode.DeepEquals((w as JsonObject)?[key], value)) ?? item;
            }
        }

        return index < wanted.Count ? wanted[index] : item;
    }
}

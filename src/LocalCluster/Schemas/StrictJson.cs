using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCluster.Schemas;

/// <summary>Reads JSON as an API server does: the last of duplicate fields wins, and strict clients are told of them.</summary>
internal static class StrictJson
{
    // Kubernetes stops counting here too, so that a hostile body can't make a huge answer.
    private const int MaxReported = 100;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>Reads one JSON value. Numbers become 64-bit integers where they are whole and fit, and doubles otherwise.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="duplicates">Paths of the fields that are there more than once, such as <c>spec.replicas</c>; at most 100.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonNode? Read(ReadOnlySpan<byte> utf8, out IReadOnlyList<string> duplicates)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        var found = new List<string>();
        reader.Read();
        var value = ReadValue(ref reader, new FieldPath(), found);
        reader.Read();
        duplicates = found;
        return value;
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, FieldPath path, List<string> duplicates) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, path, duplicates),
        JsonTokenType.StartArray => ReadArray(ref reader, path, duplicates),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Number => reader.TryGetInt64(out var integer) ? JsonValue.Create(integer) : JsonValue.Create(reader.GetDouble()),
        _ => null,
    };

    private static JsonObject ReadObject(ref Utf8JsonReader reader, FieldPath path, List<string> duplicates)
    {
        var map = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            path.Enter(name);
            if (map.ContainsKey(name))
            {
                Report(path.Relative(), duplicates);
            }

            map[name] = ReadValue(ref reader, path, duplicates);
            path.Leave();
        }

        return map;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, FieldPath path, List<string> duplicates)
    {
        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            path.EnterIndex(list.Count);
            list.Add(ReadValue(ref reader, path, duplicates));
            path.Leave();
        }

        return list;
    }

    private static void Report(string field, List<string> duplicates)
    {
        if (duplicates.Count < MaxReported && !duplicates.Contains(field))
        {
            duplicates.Add(field);
        }
    }
}

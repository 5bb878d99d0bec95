using System.Text;
using System.Text.Json;

namespace LocalCluster.Selectors;

/// <summary>Reads single values out of a stored object without building a tree.</summary>
internal static class ObjectFields
{
    private static readonly Dictionary<string, string> NoLabels = [];

    /// <summary>The labels of an object.</summary>
    public static IReadOnlyDictionary<string, string> Labels(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (!Enter(ref reader, "metadata") || !Enter(ref reader, "labels") || reader.TokenType != JsonTokenType.StartObject)
        {
            return NoLabels;
        }

        var labels = new Dictionary<string, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            labels[key] = reader.GetString() ?? "";
        }

        return labels;
    }

    /// <summary>The scalar at a path as text, or null when there is none.</summary>
    public static string? Scalar(ReadOnlySpan<byte> json, IReadOnlyList<string> path)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        foreach (var name in path)
        {
            if (!Enter(ref reader, name))
            {
                return null;
            }
        }

        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };
    }

    private static bool Enter(ref Utf8JsonReader reader, string property)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(property);
            reader.Read();
            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}

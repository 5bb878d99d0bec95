using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalCluster.Api;

/// <summary>Writes YAML as people know it from <c>kubectl</c>.</summary>
internal static partial class YamlWriter
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a tree. JSON is a form of YAML, so that only layout needs care, and scalars are written as JSON has them.</summary>
    public static string Write(JsonNode? value)
    {
        var text = new StringBuilder();
        WriteNode(text, value, 0);
        return text.ToString();
    }

    private static void WriteNode(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                var lead = "";
                foreach (var (key, child) in map)
                {
                    text.Append(lead).Append(WriteScalar(key)).Append(':');
                    WriteChild(text, child, child is JsonArray ? indent : indent + 2);
                    lead = new string(' ', indent);
                }

                break;
            case JsonArray { Count: > 0 } list:
                var space = "";
                foreach (var item in list)
                {
                    text.Append(space).Append("- ");
                    WriteNode(text, item, indent + 2);
                    space = new string(' ', indent);
                }

                break;
            default:
                text.Append(value is null ? "null" : WriteScalar(value)).Append('\n');
                break;
        }
    }

    private static void WriteChild(StringBuilder text, JsonNode? child, int indent)
    {
        if (child is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            text.Append('\n').Append(' ', indent);
        }
        else
        {
            text.Append(' ');
        }

        WriteNode(text, child, indent);
    }

    // Every JSON scalar is one of YAML; quotes go where a plain word would be read as the same string.
    private static string WriteScalar(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && PlainWord().IsMatch(text)
        && YamlReader.ReadPlain(text)?.GetValueKind() == JsonValueKind.String
            ? text
            : value.ToJsonString(Unescaped);

    [GeneratedRegex(@"^[A-Za-z0-9_./][-A-Za-z0-9_./]*\z", RegexOptions.None, 1000)]
    private static partial Regex PlainWord();
}

using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Operators.Tests.Testing;

/// <summary>Writes JSON as YAML in one fixed form, so that golden files differ only where their content does.</summary>
internal static partial class YamlText
{
    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node, indent: 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                var first = true;
                foreach (var (key, value) in map)
                {
                    text.Append(' ', first ? 0 : indent).Append(Word(key)).Append(':');
                    WriteBelow(text, value, value is JsonArray ? indent : indent + 2);
                    first = false;
                }

                break;
            case JsonArray { Count: > 0 } list:
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(' ', i == 0 ? 0 : indent).Append("- ");
                    Write(text, list[i], indent + 2);
                }

                break;
            default:
                text.Append(node is JsonValue value2 && value2.TryGetValue<string>(out var word) ? Word(word) : node?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    private static void WriteBelow(StringBuilder text, JsonNode? value, int indent)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            text.Append('\n').Append(' ', indent);
        }
        else
        {
            text.Append(' ');
        }

        Write(text, value, indent);
    }

    private static string Word(string text) => Plain().IsMatch(text) && !Reserved().IsMatch(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z/][-A-Za-z0-9_./ ]*(?<! )\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^(y|n|yes|no|on|off|true|false|null)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reserved();
}

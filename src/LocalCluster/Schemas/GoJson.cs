using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas;

/// <summary>JSON as Go's encoder writes it, because that is how the API's messages show values.</summary>
internal static class GoJson
{
    /// <summary>A value in a field error: a string quoted, a number plain, all else as JSON.</summary>
    public static string Show(JsonNode? value)
    {
        if (value.TryString(out var text))
        {
            return GoText.Quote(text);
        }

        return !value.TryInteger(out _) && value.TryNumber(out var number) ? GoText.Float(number) : Write(value);
    }

    /// <summary>JSON with sorted keys, no spaces, and <c>&lt;</c>, <c>&gt;</c>, <c>&amp;</c> escaped.</summary>
    public static string Write(JsonNode? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject map:
                WriteObject(text, map);
                break;
            case JsonArray list:
                WriteArray(text, list);
                break;
            case JsonValue when value.TryString(out var s):
                WriteString(text, s);
                break;
            case JsonValue when value.TryInteger(out var integer):
                text.Append(integer);
                break;
            case JsonValue when value.TryNumber(out var number):
                text.Append(GoText.JsonFloat(number));
                break;
            case JsonValue when value.TryBoolean(out var boolean):
                text.Append(boolean ? "true" : "false");
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonObject map)
    {
        var separator = "";
        text.Append('{');
        foreach (var (key, item) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(separator);
            WriteString(text, key);
            text.Append(':');
            Write(text, item);
            separator = ",";
        }

        text.Append('}');
    }

    private static void WriteArray(StringBuilder text, JsonArray list)
    {
        var separator = "";
        text.Append('[');
        foreach (var item in list)
        {
            text.Append(separator);
            Write(text, item);
            separator = ",";
        }

        text.Append(']');
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            text = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}

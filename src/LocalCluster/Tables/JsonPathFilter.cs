using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCluster.Tables;

/// <summary>A condition on the items of a list: <c>@.type=="Ready"</c>, <c>@.port&gt;80</c>, <c>@.name</c>.</summary>
internal sealed class JsonPathFilter
{
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "<", ">"];

    private readonly JsonPath _left;
    private readonly string _operator;
    private readonly string _right;

    private JsonPathFilter(JsonPath left, string @operator, string right)
    {
        _left = left;
        _operator = @operator;
        _right = right;
    }

    /// <summary>Reads a filter.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static JsonPathFilter Parse(string text)
    {
        foreach (var candidate in Operators)
        {
            if (text.IndexOf(candidate, StringComparison.Ordinal) is >= 0 and var at)
            {
                return new JsonPathFilter(Path(text[..at]), candidate, text[(at + candidate.Length)..].Trim().Trim('"', '\''));
            }
        }

        return new JsonPathFilter(Path(text), "", "");
    }

    /// <summary>True when an item fulfils it.</summary>
    public bool Matches(JsonNode item)
    {
        if (_left.Find(item) is not [var value, ..])
        {
            return false;
        }

        var text = value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString();
        return _operator switch
        {
            "" => true,
            "==" => text == _right,
            "!=" => text != _right,
            _ => Compare(text),
        };
    }

    private static JsonPath Path(string text) =>
        text.Trim() is ['@', .. var path] ? JsonPath.Parse(path) : throw new FormatException($"the filter \"{text}\" does not begin with @");

    private bool Compare(string text)
    {
        if (!double.TryParse(text, CultureInfo.InvariantCulture, out var left) || !double.TryParse(_right, CultureInfo.InvariantCulture, out var right))
        {
            return false;
        }

        return _operator switch
        {
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            _ => left >= right,
        };
    }
}

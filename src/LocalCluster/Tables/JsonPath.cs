using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LocalCluster.Tables;

/// <summary>
/// The part of JSONPath that printer columns, selectable fields and scale paths use: names, indices, wildcards and filters such as
/// <c>.status.conditions[?(@.type=="Ready")].status</c>.
/// </summary>
internal sealed class JsonPath
{
    private readonly IReadOnlyList<Func<JsonNode, IEnumerable<JsonNode?>>> _steps;

    private JsonPath(IReadOnlyList<Func<JsonNode, IEnumerable<JsonNode?>>> steps) => _steps = steps;

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">It is malformed or uses more of JSONPath.</exception>
    public static JsonPath Parse(string text)
    {
        var steps = new List<Func<JsonNode, IEnumerable<JsonNode?>>>();
        var at = 0;
        while (at < text.Length)
        {
            switch (text[at])
            {
                case '.' when at + 1 < text.Length && text[at + 1] == '[':
                    at++;
                    break;
                case '.':
                    at++;
                    steps.Add(Name(ReadName(text, ref at)));
                    break;
                case '[':
                    steps.Add(Bracket(ReadBracket(text, ref at)));
                    break;
                default:
                    throw new FormatException($"unexpected '{text[at]}' at position {at} of the JSON path \"{text}\"");
            }
        }

        return new JsonPath(steps);
    }

    /// <summary>The values that it leads to, in order; none when a part of it is missing.</summary>
    public IReadOnlyList<JsonNode> Find(JsonNode root)
    {
        IEnumerable<JsonNode> found = [root];
        foreach (var step in _steps)
        {
            found = found.SelectMany(step).OfType<JsonNode>();
        }

        return [.. found];
    }

    private static Func<JsonNode, IEnumerable<JsonNode?>> Name(string name) => name == "*"
        ? Children
        : node => node is JsonObject map && map.TryGetPropertyValue(name, out var child) ? [child] : [];

    private static Func<JsonNode, IEnumerable<JsonNode?>> Bracket(string content)
    {
        if (content == "*")
        {
            return Children;
        }

        if (content.StartsWith("?(", StringComparison.Ordinal) && content.EndsWith(')'))
        {
            var filter = JsonPathFilter.Parse(content[2..^1]);
            return node => Children(node).Where(child => child is not null && filter.Matches(child));
        }

        if (content is ['\'', .., '\''] or ['"', .., '"'])
        {
            return Name(content[1..^1]);
        }

        if (int.TryParse(content, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            return node => node is JsonArray list && (index < 0 ? index + list.Count : index) is var i && i >= 0 && i < list.Count ? [list[i]] : [];
        }

        throw new FormatException($"[{content}] is not supported in a JSON path");
    }

    private static IEnumerable<JsonNode?> Children(JsonNode node) => node switch
    {
        JsonArray list => list,
        JsonObject map => map.Select(p => p.Value),
        _ => [],
    };

    private static string ReadName(string text, ref int at)
    {
        var name = new StringBuilder();
        while (at < text.Length && text[at] is not ('.' or '['))
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            name.Append(text[at++]);
        }

        return name.Length == 0 ? throw new FormatException($"the JSON path \"{text}\" has an empty name") : name.ToString();
    }

    private static string ReadBracket(string text, ref int at)
    {
        var start = ++at;
        var (depth, quote) = (1, '\0');
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else
            {
                depth += c == '[' ? 1 : c == ']' ? -1 : 0;
                if (depth == 0)
                {
                    return text[start..at++].Trim();
                }
            }
        }

        throw new FormatException($"unterminated bracket in the JSON path \"{text}\"");
    }
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalCluster.Patching;

/// <summary>A JSON Pointer (RFC 6901).</summary>
internal sealed class JsonPointer
{
    private readonly string[] _steps;
    private readonly string _text;

    private JsonPointer(string text)
    {
        _text = text;
        _steps = [.. text.Split('/').Skip(1).Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    /// <summary>True for the whole document.</summary>
    public bool IsRoot => _steps.Length == 0;

    /// <summary>The last step: a name, an index or <c>-</c>.</summary>
    public string Last => _steps[^1];

    /// <summary>Reads a pointer.</summary>
    /// <exception cref="PatchException">It is none.</exception>
    public static JsonPointer Parse(string text) =>
        text.Length == 0 || text[0] == '/' ? new JsonPointer(text) : throw new PatchException($"\"{text}\" is no JSON pointer");

    /// <summary>The value that it points to.</summary>
    /// <exception cref="PatchException">There is none.</exception>
    public JsonNode? Get(JsonNode? document) => Walk(document, _steps.Length);

    /// <summary>The object or array that holds the value that it points to, which need not exist.</summary>
    /// <exception cref="PatchException">There is none.</exception>
    public JsonNode? Parent(JsonNode? document) => Walk(document, _steps.Length - 1);

    /// <summary>The last step as an index; negative ones count from the end.</summary>
    /// <exception cref="PatchException">It is none, or beyond <paramref name="max"/>.</exception>
    public int Index(JsonArray list, int max) => Index(list, Last, max);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private JsonNode? Walk(JsonNode? node, int steps)
    {
        foreach (var step in _steps.AsSpan(..steps))
        {
            node = node switch
            {
                JsonObject map when map.TryGetPropertyValue(step, out var child) => child,
                JsonArray list => list[Index(list, step, list.Count - 1)],
                _ => throw new PatchException($"doc is missing path: \"{_text}\": missing value"),
            };
        }

        return node;
    }

    private int Index(JsonArray list, string step, int max)
    {
        if (!int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            throw new PatchException($"doc is missing path: \"{_text}\": \"{step}\" is no index");
        }

        index = index < 0 ? index + list.Count : index;
        return index >= 0 && index <= max
            ? index
            : throw new PatchException($"doc is missing path: \"{_text}\": Unable to access invalid index: {step}: invalid index referenced");
    }
}

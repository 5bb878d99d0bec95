using System.Text.Json.Nodes;

namespace Operators.Rollouts.Evidence.Contracts;

/// <summary>Both descriptions, each with its own references.</summary>
internal sealed class Documents(JsonObject old, JsonObject @new)
{
    public Document Old { get; } = new(old);

    public Document New { get; } = new(@new);
}

/// <summary>A description whose references can be followed.</summary>
internal sealed class Document(JsonObject root)
{
    private const int LongestChain = 16;

    /// <summary>What a node stands for; null when it is no object, or its reference leads nowhere in the document.</summary>
    public JsonObject? Resolve(JsonNode? node)
    {
        for (var i = 0; i < LongestChain && node is JsonObject item && ReferenceOf(item) is { } reference; i++)
        {
            node = Find(reference);
        }

        return node as JsonObject is { } found && ReferenceOf(found) is null ? found : null;
    }

    /// <summary>Where a node refers to; null when it does not.</summary>
    public static string? ReferenceOf(JsonNode? node) => node is JsonObject item && item["$ref"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A value as text.</summary>
    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "null";

    private JsonNode? Find(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        JsonNode? at = root;
        foreach (var part in reference[2..].Split('/'))
        {
            at = at is JsonObject item ? item[part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)] : null;
        }

        return at;
    }
}

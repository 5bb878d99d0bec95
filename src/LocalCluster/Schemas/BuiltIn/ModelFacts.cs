using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>What the models do not say of one type. The words are those of Facts/README.md.</summary>
/// <param name="apiVersion">The group and version that the type belongs to.</param>
/// <param name="definition">Name of the type's OpenAPI definition.</param>
/// <param name="facts">The type's entry.</param>
internal sealed class ModelFacts(string apiVersion, string definition, JsonObject facts)
{
    /// <summary>The group and version that the type belongs to.</summary>
    public string ApiVersion { get; } = apiVersion;

    /// <summary>Name of the type's OpenAPI definition.</summary>
    public string Definition { get; } = definition;

    /// <summary>True for a type whose values have one owner.</summary>
    public bool IsAtomic { get; } = facts.ContainsKey("atomic");

    /// <summary>The names in the list under a word; empty when there is none.</summary>
    public IReadOnlyList<string> Names(string word) => Strings(facts[word]);

    /// <summary>True when the field is in the list under a word.</summary>
    public bool Lists(string word, string field) =>
        facts[word] is JsonArray names && names.Any(name => name!.GetValue<string>() == field);

    /// <summary>What the map under a word says of the field; null when nothing.</summary>
    public JsonNode? Of(string word, string field) => (facts[word] as JsonObject)?[field];

    /// <summary>The names that the map under a word has for the field; empty when there are none.</summary>
    public IReadOnlyList<string> NamesOf(string word, string field) => Strings(Of(word, field));

    private static IReadOnlyList<string> Strings(JsonNode? names) =>
        names is JsonArray list ? [.. list.Select(name => name!.GetValue<string>())] : [];
}

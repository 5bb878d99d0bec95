using System.Text.Json.Nodes;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>What the models do not say of one type. The words are those of Facts/README.md.</summary>
internal sealed class ModelFacts
{
    private readonly YamlMappingNode? _facts;

    /// <param name="package">The package of the type's OpenAPI definition.</param>
    /// <param name="name">The type's name there.</param>
    /// <param name="facts">The type's entry; null for a type of which nothing needs to be said.</param>
    public ModelFacts(string package, string name, YamlMappingNode? facts)
    {
        Definition = $"{package}.{name}";
        _facts = facts;
        Required = Names("required");
        NonEmpty = Names("nonEmpty");
        Absent = Names("absent");
        IsAtomic = Entry("atomic") is not null;
    }

    /// <summary>Name of the type's OpenAPI definition.</summary>
    public string Definition { get; }

    /// <summary>True for a type whose values have one owner.</summary>
    public bool IsAtomic { get; }

    /// <summary>Fields that the OpenAPI document calls required.</summary>
    public IReadOnlyList<string> Required { get; }

    /// <summary>Fields that the server insists on.</summary>
    public IReadOnlyList<string> NonEmpty { get; }

    /// <summary>Fields of the model that the server does not know.</summary>
    public IReadOnlyList<string> Absent { get; }

    /// <summary>True when the field is in the list under that word.</summary>
    public bool Lists(string word, string field) =>
        Entry(word) is YamlSequenceNode names && names.Children.Any(name => ((YamlScalarNode)name).Value == field);

    /// <summary>What the map under that word says of the field; null when nothing.</summary>
    public JsonNode? Of(string word, string field) =>
        Entry(word) is YamlMappingNode map && map.Children.TryGetValue(field, out var value) ? Yaml.ToJson(value) : null;

    /// <summary>The names in the map's entry for the field; empty when there is none.</summary>
    public IReadOnlyList<string> NamesOf(string word, string field) =>
        Of(word, field) is JsonArray names ? [.. names.Select(name => name!.GetValue<string>())] : [];

    private YamlNode? Entry(string word) =>
        _facts is not null && _facts.Children.TryGetValue(word, out var value) ? value : null;

    private IReadOnlyList<string> Names(string word) =>
        Entry(word) is YamlSequenceNode names ? [.. names.Children.Select(name => ((YamlScalarNode)name).Value!)] : [];
}

using System.Collections.Frozen;
using System.Text.Json.Nodes;
using k8s.Models;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>Which model class is which type of the API, and what is known of it.</summary>
internal sealed class ModelCatalog
{
    private readonly FrozenDictionary<Type, ModelFacts> _facts;
    private readonly FrozenDictionary<string, Type> _byDefinition;
    private readonly FrozenDictionary<string, FactFile> _files;

    private ModelCatalog(IEnumerable<FactFile> files)
    {
        _files = files.ToFrozenDictionary(file => file.ApiVersion);
        var facts = new Dictionary<Type, ModelFacts>();
        foreach (var file in _files.Values)
        {
            foreach (var (name, entry) in file.Types)
            {
                var type = ClassOf(file, name) ?? throw new InvalidOperationException($"no model of {file.Package}.{name}");
                facts.Add(type, new ModelFacts(file.ApiVersion, $"{file.Package}.{name}", entry));
                if (ClassOf(file, name + "List") is { } list)
                {
                    facts.TryAdd(list, new ModelFacts(file.ApiVersion, $"{file.Package}.{name}List", ListFacts()));
                }
            }
        }

        _facts = facts.ToFrozenDictionary();
        _byDefinition = facts.ToFrozenDictionary(entry => entry.Value.Definition, entry => entry.Key);
    }

    /// <summary>All that is known; read on the first use.</summary>
    public static ModelCatalog Instance { get; } = new(FactFile.ReadAll());

    /// <summary>The names of all definitions.</summary>
    public IEnumerable<string> Definitions => _byDefinition.Keys;

    /// <summary>The class of a definition; null when there is none.</summary>
    public Type? Find(string definition) => _byDefinition.GetValueOrDefault(definition);

    /// <summary>The class of a kind; null when there is none.</summary>
    public Type? Find(string apiVersion, string kind) =>
        _files.TryGetValue(apiVersion, out var file) ? Find($"{file.Package}.{kind}") : null;

    /// <summary>What is known of a class; null for one that is no type of the API.</summary>
    public ModelFacts? Facts(Type type) => _facts.GetValueOrDefault(type);

    // V1Pod, or CoreV1Event where other groups have an Event too.
    private static Type? ClassOf(FactFile file, string name)
    {
        var version = file.ApiVersion[(file.ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var assembly = typeof(V1Pod).Assembly;
        return assembly.GetType($"k8s.Models.V{version[1..]}{name}") ?? assembly.GetType($"k8s.Models.{file.ClassPrefix}{version}{name}");
    }

    private static JsonObject ListFacts() => new() { ["required"] = new JsonArray("items") };
}

using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>The defaults that depend on other fields, by OpenAPI definition. Those that don't are in the files under Facts.</summary>
internal static class ComputedDefaults
{
    private static readonly FrozenDictionary<string, Action<JsonObject>> ByDefinition = new[]
    {
        CoreDefaults.All,
        ServiceDefaults.All,
        WorkloadDefaults.All,
        PolicyDefaults.All,
    }.SelectMany(group => group).ToFrozenDictionary(entry => entry.Definition, entry => entry.Apply);

    /// <summary>Sets the defaults of an object of the definition; null when it has none.</summary>
    public static Action<JsonObject>? Of(string definition) => ByDefinition.GetValueOrDefault(definition);

    /// <summary>Sets a field that is absent.</summary>
    public static void SetDefault(this JsonObject map, string name, Func<JsonNode> value)
    {
        if (map[name] is null)
        {
            map[name] = value();
        }
    }

    /// <summary>The object in a field, which is put there if it is absent.</summary>
    public static JsonObject GetOrAdd(this JsonObject map, string name)
    {
        if (map[name] is not JsonObject child)
        {
            child = [];
            map[name] = child;
        }

        return child;
    }

    /// <summary>The text of a field; empty when it is absent.</summary>
    public static string TextOf(this JsonObject? map, string name) => map?[name].TryString(out var text) == true ? text : "";

    /// <summary>The objects of a list in a field; none when it is absent.</summary>
    public static IEnumerable<JsonObject> ObjectsOf(this JsonObject? map, string name) =>
        map?[name] is JsonArray list ? list.OfType<JsonObject>() : [];
}

/// <summary>Sets defaults of objects of one definition.</summary>
/// <param name="Definition">Name of the definition.</param>
/// <param name="Apply">Sets them. Fields that are there have the right types.</param>
internal readonly record struct DefaultRule(string Definition, Action<JsonObject> Apply);

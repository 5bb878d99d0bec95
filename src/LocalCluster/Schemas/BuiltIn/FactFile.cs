using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>One file of Facts: what the models do not say of an API group.</summary>
/// <param name="ApiVersion">The group and version.</param>
/// <param name="Package">The package of its OpenAPI definitions.</param>
/// <param name="ClassPrefix">The prefix of model classes whose names several groups have.</param>
/// <param name="Types">The types by name; an empty object for those of which nothing needs to be said.</param>
internal sealed record FactFile(string ApiVersion, string Package, string ClassPrefix, IReadOnlyDictionary<string, JsonObject> Types)
{
    /// <summary>Reads all files; they are resources of this assembly.</summary>
    public static IEnumerable<FactFile> ReadAll()
    {
        var assembly = typeof(FactFile).Assembly;
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (name.Contains(".Facts.", StringComparison.Ordinal))
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
                yield return Read(text);
            }
        }
    }

    private static FactFile Read(TextReader text)
    {
        var yaml = new YamlStream();
        yaml.Load(text);
        var file = (JsonObject)ToJson(yaml.Documents[0].RootNode)!;
        var types = file["plain"]!.AsArray().ToDictionary(name => name!.GetValue<string>(), _ => new JsonObject());
        foreach (var (name, facts) in file["types"]!.AsObject())
        {
            types.Add(name, facts!.AsObject());
        }

        return new(
            file["apiVersion"]!.GetValue<string>(), file["package"]!.GetValue<string>(), file["classPrefix"]!.GetValue<string>(), types);
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(
            entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, ToJson(entry.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when bool.TryParse(text, out var truth) => truth,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text }
            when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => ((YamlScalarNode)node).Value,
    };
}

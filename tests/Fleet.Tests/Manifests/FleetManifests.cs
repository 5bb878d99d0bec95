using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fleet.Tests.Manifests;

/// <summary>Reads <c>manifests/fleet</c> the way an API server would: YAML to JSON to the resource's type, and no field that it does not know.</summary>
internal static class FleetManifests
{
    private static readonly JsonSerializerOptions Strict = new(KubeJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static string Folder { get; } = Path.Combine(RepositoryRoot(), "manifests", "fleet");

    public static IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<ManagedService> Services =>
    [
        .. Files.Select(Read).Where(m => m["kind"]!.GetValue<string>() == "ManagedService").Select(m => m.Deserialize<ManagedService>(Strict)!),
    ];

    /// <summary>The one document of a file.</summary>
    public static JsonNode Read(string file)
    {
        using var reader = File.OpenText(Path.Combine(Folder, file));
        var stream = new YamlStream();
        stream.Load(reader);
        return Convert(Assert.Single(stream.Documents).RootNode)!;
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Convert(c.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value!),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new FormatException($"{node.GetType().Name} has no JSON form."),
    };

    /// <summary>A plain scalar by YAML's core schema.</summary>
    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => text,
    };

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ControlPlane.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds ControlPlane.sln.");
        }

        return folder;
    }
}

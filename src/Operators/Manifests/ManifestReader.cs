using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Operators.Manifests;

/// <summary>Reads manifests: YAML (and so JSON) with any number of documents.</summary>
public static class ManifestReader
{
    /// <summary>Reads all that a file holds. Bad documents become problems; the others are read all the same.</summary>
    /// <param name="source">Name of the file, for problems.</param>
    /// <param name="text">Its content.</param>
    public static ManifestFile Read(string source, string text)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(text);
        var manifests = new List<Manifest>();
        var problems = new List<ManifestProblem>();
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            while (!parser.Accept<StreamEnd>(out _))
            {
                parser.Consume<DocumentStart>();
                var line = (int)(parser.Current?.Start.Line ?? 1);
                var document = new YamlNodeReader(parser).Read();
                parser.Consume<DocumentEnd>();
                Take(document, source, line, manifests, problems);
            }
        }
        catch (YamlException e)
        {
            problems.Add(new ManifestProblem(source, (int)e.Start.Line, e.Message));
        }

        return new ManifestFile(manifests, problems);
    }

    private static void Take(JsonNode? document, string source, int line, List<Manifest> manifests, List<ManifestProblem> problems)
    {
        switch (document)
        {
            case null:
                break; // nothing between two separators
            case JsonObject item when IsList(item) && item["items"] is JsonArray items:
                foreach (var entry in items)
                {
                    Take(entry?.DeepClone(), source, line, manifests, problems);
                }

                break;
            case JsonObject item when new Manifest(item, source, line) is { ApiVersion.Length: > 0, Kind.Length: > 0, Key.Name.Length: > 0 } manifest:
                manifests.Add(manifest);
                break;
            default:
                problems.Add(new ManifestProblem(source, line, "this is no Kubernetes object: it needs apiVersion, kind and metadata.name"));
                break;
        }
    }

    private static bool IsList(JsonObject item) => item["kind"] is JsonValue kind && kind.TryGetValue<string>(out var text) && text.EndsWith("List", StringComparison.Ordinal);
}

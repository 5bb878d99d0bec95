using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Manifests;

/// <summary>One object of a manifest file, and where each of its fields stands in the text.</summary>
public sealed class ManifestDocument
{
    private readonly IReadOnlyDictionary<string, int> _lines;
    private readonly string _within;

    /// <param name="file">Name of the file.</param>
    /// <param name="line">Line where the object begins.</param>
    /// <param name="json">The object.</param>
    /// <param name="lines">Lines of the text's fields by path.</param>
    /// <param name="within">What the paths of this object's fields begin with, when it is part of a list.</param>
    internal ManifestDocument(string file, int line, JsonObject json, IReadOnlyDictionary<string, int> lines, string within = "")
    {
        File = file;
        Line = line;
        Json = json;
        _lines = lines;
        _within = within;
    }

    /// <summary>Name of the file, or what the caller calls the text.</summary>
    public string File { get; }

    /// <summary>Line where the document begins, from 1.</summary>
    public int Line { get; }

    /// <summary>The object.</summary>
    public JsonObject Json { get; }

    /// <summary><c>apiVersion</c>; empty when absent or no string.</summary>
    public string ApiVersion => Text(Json["apiVersion"]);

    /// <summary><c>kind</c>; empty when absent or no string.</summary>
    public string Kind => Text(Json["kind"]);

    /// <summary><c>metadata.namespace</c> and <c>metadata.name</c>; empty when absent or no strings.</summary>
    public ObjectKey Key => Json["metadata"] is JsonObject metadata ? new(Text(metadata["namespace"]), Text(metadata["name"])) : new("", "");

    /// <summary>
    /// Line of a field such as <c>spec.workload.ports[0].port</c>; of the nearest field around it that the text has, when it does not have it.
    /// </summary>
    public int LineOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        for (var at = path.TrimStart('.'); at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(_within + at, out var line))
            {
                return line;
            }
        }

        return Line;
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

/// <summary>A text that is no manifest.</summary>
/// <param name="file">Name of the file.</param>
/// <param name="line">Line, from 1.</param>
/// <param name="column">Column, from 1.</param>
/// <param name="problem">What is wrong.</param>
public sealed class ManifestException(string file, int line, int column, string problem)
    : Exception($"{file}, line {line}, column {column}: {problem}")
{
    /// <summary>Name of the file.</summary>
    public string File { get; } = file;

    /// <summary>Line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Column, from 1.</summary>
    public int Column { get; } = column;

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; } = problem;
}

using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Manifests;

/// <summary>One Kubernetes object as somebody wrote it.</summary>
/// <param name="Json">The object.</param>
/// <param name="Source">Name of the file or stream that it stands in.</param>
/// <param name="Line">Line where it begins, from 1.</param>
public sealed record Manifest(JsonObject Json, string Source, int Line)
{
    /// <summary>API version; empty when it has none.</summary>
    public string ApiVersion => Text(Json["apiVersion"]);

    /// <summary>Kind; empty when it has none.</summary>
    public string Kind => Text(Json["kind"]);

    /// <summary>Namespace and name, each empty when it has none.</summary>
    public ObjectKey Key => Json["metadata"] is JsonObject metadata ? new(Text(metadata["namespace"]), Text(metadata["name"])) : new("", "");

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

/// <summary>Something in a file that is no manifest.</summary>
/// <param name="Source">Name of the file or stream.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Message">What is wrong.</param>
public sealed record ManifestProblem(string Source, int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Source}:{Line}: {Message}";
}

/// <summary>What a file holds.</summary>
/// <param name="Manifests">Its objects, in order; the items of a <c>List</c> one by one.</param>
/// <param name="Problems">What could not be read. Documents before a syntax error are still there, those after it are not.</param>
public sealed record ManifestFile(IReadOnlyList<Manifest> Manifests, IReadOnlyList<ManifestProblem> Problems);

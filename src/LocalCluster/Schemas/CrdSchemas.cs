using System.Text.Json.Nodes;

namespace LocalCluster.Schemas;

/// <summary>The schemas of a CustomResourceDefinition.</summary>
/// <param name="ByVersion">The schema of each version that could be read, by the version's name.</param>
/// <param name="Errors">Why the definition must be refused; empty when all of its schemas are good.</param>
internal sealed record CrdSchemas(IReadOnlyDictionary<string, SchemaNode> ByVersion, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Reads <c>spec.versions[*].schema.openAPIV3Schema</c> and compiles the rules.</summary>
    /// <param name="crd">The whole CustomResourceDefinition.</param>
    /// <param name="old">The definition that it replaces; null for a new one. Rules that are stored already are not held to new limits.</param>
    public static CrdSchemas Read(JsonObject crd, JsonObject? old = null) => throw new NotSupportedException();
}

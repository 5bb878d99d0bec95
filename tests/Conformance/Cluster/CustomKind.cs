namespace Conformance.Cluster;

/// <summary>A kind that a CustomResourceDefinition defines.</summary>
internal sealed record CustomKind(string Group, string Kind, string Plural)
{
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];

    /// <summary>Name of its CustomResourceDefinition.</summary>
    public string DefinitionName => $"{Plural}.{Group}";

    /// <summary>A kind in a group that no other run of the suite uses, so that runs may share a cluster.</summary>
    public static CustomKind OfThisRun(string kind, string plural) => new($"{plural}-{Run}.conformance.example.com", kind, plural);

    /// <summary>Its definition.</summary>
    /// <param name="versions">JSON array of versions.</param>
    /// <param name="scope">Where its objects are.</param>
    public string Definition(string versions, string scope = "Namespaced") => $$"""
        {
          "apiVersion": "apiextensions.k8s.io/v1",
          "kind": "CustomResourceDefinition",
          "metadata": {"name": "{{DefinitionName}}"},
          "spec": {
            "group": "{{Group}}",
            "scope": "{{scope}}",
            "names": {"plural": "{{Plural}}", "singular": "{{Kind.ToLowerInvariant()}}", "kind": "{{Kind}}", "listKind": "{{Kind}}List"},
            "versions": {{versions}}
          }
        }
        """;

    /// <summary>One served and stored version with a status subresource.</summary>
    /// <param name="properties">JSON of the schema's properties.</param>
    /// <param name="name">Name of the version.</param>
    public static string Version(string properties, string name = "v1") => $$"""
        [{"name": "{{name}}", "served": true, "storage": true, "subresources": {"status": {} },
          "schema": {"openAPIV3Schema": {"type": "object", "properties": {{properties}} } } }]
        """;
}

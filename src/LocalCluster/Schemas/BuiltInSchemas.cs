using k8s.Models;
using LocalCluster.Schemas.BuiltIn;

namespace LocalCluster.Schemas;

/// <summary>The schemas of the kinds that Kubernetes itself defines, as a server of version 1.36 has them.</summary>
internal static class BuiltInSchemas
{
    /// <summary>The schema of <c>metadata</c>, which custom resources have too.</summary>
    public static SchemaNode ObjectMeta { get; } = ModelReader.OfType(typeof(V1ObjectMeta));

    /// <summary>The names of all definitions, such as <c>io.k8s.api.core.v1.PodSpec</c>, for OpenAPI documents.</summary>
    public static IEnumerable<string> Definitions => ModelCatalog.Instance.Definitions;

    /// <summary>The schema of a kind, such as <c>apps/v1</c> <c>Deployment</c>; null when Kubernetes has no such kind.</summary>
    public static SchemaNode? Find(string apiVersion, string kind) =>
        ModelCatalog.Instance.Find(apiVersion, kind) is { } type ? ModelReader.OfType(type) : null;

    /// <summary>The schema of a definition; null when there is none of that name.</summary>
    public static SchemaNode? Find(string definition) =>
        ModelCatalog.Instance.Find(definition) is { } type ? ModelReader.OfType(type) : null;
}

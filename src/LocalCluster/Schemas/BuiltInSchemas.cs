namespace LocalCluster.Schemas;

/// <summary>The schemas of the kinds that Kubernetes itself defines.</summary>
internal static class BuiltInSchemas
{
    /// <summary>The schema of a kind, such as <c>apps/v1</c> <c>Deployment</c>; null when Kubernetes has no such kind.</summary>
    public static SchemaNode? Find(string apiVersion, string kind) => throw new NotSupportedException();

    /// <summary>The schema of <c>metadata</c>, which custom resources have too.</summary>
    public static SchemaNode ObjectMeta => throw new NotSupportedException();
}

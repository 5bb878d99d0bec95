namespace ControlPlane.Kubernetes.Resources;

/// <summary>A kind of object as a Kubernetes API serves it: where it is found and what it is called.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version, such as <c>v1</c>.</param>
/// <param name="Plural">Name in paths, such as <c>deployments</c>.</param>
/// <param name="Kind">Name in manifests, such as <c>Deployment</c>.</param>
/// <param name="Namespaced">False for kinds that belong to the whole cluster.</param>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind, bool Namespaced = true)
{
    /// <summary>The <c>apiVersion</c> of manifests: <c>group/version</c>, or the version alone for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The name that RBAC and errors use: <c>plural.group</c>, or the plural alone for the core group.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Path of the collection, across all namespaces when <paramref name="ns"/> is null or empty.</summary>
    public string CollectionPath(string? ns = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return string.IsNullOrEmpty(ns) || !Namespaced
            ? $"{root}/{Plural}"
            : $"{root}/namespaces/{Uri.EscapeDataString(ns)}/{Plural}";
    }

    /// <summary>Path of one object.</summary>
    public string ObjectPath(ObjectKey key) => $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";

    /// <inheritdoc/>
    public override string ToString() => QualifiedName;
}

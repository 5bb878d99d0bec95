namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>What a path of the API names: a kind, perhaps a namespace, perhaps an object, perhaps a subresource.</summary>
internal sealed record ModelPath(string Kind, string? Namespace, string? Name, string? Subresource)
{
    /// <summary><c>/api/v1</c> or <c>/apis/group/version</c>, <c>/namespaces/ns</c> or nothing, <c>/kinds</c>, <c>/name</c>, <c>/status</c>.</summary>
    public static ModelPath Parse(string path)
    {
        var parts = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToList();
        var root = parts[0] == "api" ? 2 : 3;
        var ns = parts.Count > root + 2 && parts[root] == "namespaces" ? parts[root + 1] : null;
        var rest = parts.Skip(ns is null ? root : root + 2).ToList();
        return new($"{string.Join('/', parts.Take(root))}/{rest[0]}", ns, rest.ElementAtOrDefault(1), rest.ElementAtOrDefault(2));
    }

    /// <summary>True when this names the object, or a collection that holds it.</summary>
    public bool Covers(ModelPath item) =>
        Kind == item.Kind && (Namespace is null || Namespace == item.Namespace) && (Name is null || Name == item.Name);
}

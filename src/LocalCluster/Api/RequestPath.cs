namespace LocalCluster.Api;

/// <summary>What the path of a request for objects says.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version.</param>
/// <param name="Namespace">Namespace; empty for all namespaces or kinds of the whole cluster.</param>
/// <param name="Resource">Plural name of the kind.</param>
/// <param name="Name">Name of the object; empty for the collection.</param>
/// <param name="Subresource">Part of the object; empty for the object itself.</param>
internal sealed record RequestPath(string Group, string Version, string Namespace, string Resource, string Name, string Subresource)
{
    // Paths such as /namespaces/x/status are parts of the namespace object, not resources within the namespace.
    private static readonly string[] NamespaceSubresources = ["status", "finalize"];

    /// <summary>Reads a path; null when it is not one of objects.</summary>
    public static RequestPath? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", var version, .. { Length: > 0 } rest] => Parse("", version, rest),
            ["apis", var group, var version, .. { Length: > 0 } rest] => Parse(group, version, rest),
            _ => null,
        };
    }

    private static RequestPath? Parse(string group, string version, string[] rest)
    {
        var ns = "";
        if (rest is ["namespaces", var given, var next, ..] && !NamespaceSubresources.Contains(next))
        {
            ns = given;
            rest = rest[2..];
        }

        return rest switch
        {
            [var resource] => new RequestPath(group, version, ns, resource, "", ""),
            [var resource, var name] => new RequestPath(group, version, ns, resource, name, ""),
            [var resource, var name, var subresource] => new RequestPath(group, version, ns, resource, name, subresource),
            _ => null,
        };
    }
}

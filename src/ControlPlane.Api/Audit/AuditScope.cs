using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit;

/// <summary>Which part of the log the caller may see: one who holds a permission in some namespaces sees what was done to objects in these.</summary>
internal static class AuditScope
{
    /// <summary>The namespaces in which the caller holds a permission; null for everywhere.</summary>
    /// <exception cref="AccessException">The caller holds it in none. Entries name no team, so a grant for one team reaches none.</exception>
    public static IReadOnlyCollection<string>? DemandNamespaces(this Authorizer authorizer, Permission permission)
    {
        var namespaces = authorizer.DemandSomewhere(permission).WholeNamespaces;
        return namespaces is { Count: 0 } ? throw new AccessException(authorizer.Caller, permission, @namespace: null) : namespaces;
    }

    /// <summary>The namespaces that are both asked for and allowed; null for all.</summary>
    public static IReadOnlyCollection<string>? Narrow(IReadOnlyCollection<string>? asked, IReadOnlyCollection<string>? allowed) =>
        allowed is null ? asked : asked is null ? allowed : [.. asked.Where(allowed.Contains)];
}

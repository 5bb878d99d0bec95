using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit;

/// <summary>Which part of the log the caller may see: one who holds a permission in some namespaces sees what was done to objects in these.</summary>
internal static class AuditScope
{
    /// <summary>The namespaces in which the caller holds a permission; null for everywhere.</summary>
    /// <exception cref="AccessException">The caller holds it nowhere. Entries name no team, so a grant for one team reaches none.</exception>
    public static IReadOnlyCollection<string>? DemandSomewhere(this Authorizer authorizer, Permission permission)
    {
        if (authorizer.May(permission))
        {
            return null;
        }

        var namespaces = authorizer.Caller.Grants
            .Where(grant => permission.IsHeldBy(grant.Role) && grant is { Namespace: not null, Team: null })
            .Select(grant => grant.Namespace!)
            .ToHashSet(StringComparer.Ordinal);
        if (namespaces.Count == 0)
        {
            authorizer.Demand(permission);
        }

        return namespaces;
    }

    /// <summary>The namespaces that are both asked for and allowed; null for all.</summary>
    public static IReadOnlyCollection<string>? Narrow(IReadOnlyCollection<string>? asked, IReadOnlyCollection<string>? allowed) =>
        allowed is null ? asked : asked is null ? allowed : [.. asked.Where(allowed.Contains)];
}

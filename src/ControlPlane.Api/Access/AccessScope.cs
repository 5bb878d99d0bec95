namespace ControlPlane.Api.Access;

/// <summary>
/// Where a caller holds a permission. Made once for a list, a count or a batch of a stream; asking it costs two look-ups, however many roles
/// the caller has.
/// </summary>
public sealed class AccessScope
{
    private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal);
    private readonly HashSet<string> _teams = new(StringComparer.Ordinal);
    private readonly HashSet<(string Namespace, string Team)> _teamsInNamespaces = [];

    /// <summary>The scope of a permission for somebody with these roles.</summary>
    public AccessScope(Permission permission, IEnumerable<RoleGrant> grants)
    {
        ArgumentNullException.ThrowIfNull(permission);
        ArgumentNullException.ThrowIfNull(grants);
        foreach (var grant in grants.Where(grant => permission.IsHeldBy(grant.Role)))
        {
            switch (grant)
            {
                case { Namespace: null, Team: null }:
                    IsEverywhere = true;
                    break;
                case { Namespace: { } ns, Team: null }:
                    _namespaces.Add(ns);
                    break;
                case { Namespace: null, Team: { } team }:
                    _teams.Add(team);
                    break;
                case { Namespace: { } ns, Team: { } team }:
                    _teamsInNamespaces.Add((ns, team));
                    break;
            }
        }
    }

    /// <summary>True when the permission is held for everything.</summary>
    public bool IsEverywhere { get; }

    /// <summary>True when the permission is held for nothing.</summary>
    public bool IsNowhere => !IsEverywhere && _namespaces.Count == 0 && _teams.Count == 0 && _teamsInNamespaces.Count == 0;

    /// <summary>Namespaces that it is held for whole; null for all. What belongs to a team in other ones is not among them.</summary>
    public IReadOnlyCollection<string>? WholeNamespaces => IsEverywhere ? null : _namespaces;

    /// <summary>True when it is held for something of a namespace that belongs to a team; null for what belongs to none.</summary>
    public bool Includes(string? @namespace, string? team) =>
        IsEverywhere
        || (@namespace is not null && _namespaces.Contains(@namespace))
        || (team is not null && (_teams.Contains(team) || (@namespace is not null && _teamsInNamespaces.Contains((@namespace, team)))));
}

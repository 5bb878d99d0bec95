using System.Text.RegularExpressions;

namespace ControlPlane.Api.Access;

/// <summary>A role that somebody holds.</summary>
/// <param name="Role">The role.</param>
/// <param name="Namespace">Only in this namespace; null for everywhere.</param>
/// <param name="Team">Only for services of this team; null for all.</param>
public sealed partial record RoleGrant(Role Role, string? Namespace = null, string? Team = null)
{
    /// <summary>True when whoever holds this grant holds all that the other one gives: it may be passed on.</summary>
    public bool Covers(RoleGrant other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Namespace is null || Namespace == other.Namespace)
            && (Team is null || Team == other.Team)
            && Permissions.All.All(permission => !permission.IsHeldBy(other.Role) || permission.IsHeldBy(Role))
            && (Role == Role.Admin || other.Role != Role.Admin); // admins also hold what is thought of later
    }

    /// <summary>As people write it: <c>viewer</c>, <c>platform-engineer@shop</c>, <c>on-call@shop/orders</c> (team orders), <c>viewer@*/orders</c>.</summary>
    public override string ToString() => (Namespace, Team) switch
    {
        (null, null) => Role.ToName(),
        ({ } ns, null) => $"{Role.ToName()}@{ns}",
        var (ns, team) => $"{Role.ToName()}@{ns ?? "*"}/{team}",
    };

    /// <summary>Reads what <see cref="ToString"/> writes; null when it is none.</summary>
    public static RoleGrant? Parse(string? text) =>
        Written().Match(text ?? "") is { Success: true } match && RoleNames.Parse(match.Groups["role"].Value) is { } role
            ? new(role, match.Groups["ns"].Value is { Length: > 0 } ns and not "*" ? ns : null, match.Groups["team"].Value is { Length: > 0 } team ? team : null)
            : null;

    [GeneratedRegex("^(?<role>[a-z-]+)(@(?<ns>[a-z0-9-]{1,63}|\\*)(/(?<team>[A-Za-z0-9._-]{1,63}))?)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Written();
}

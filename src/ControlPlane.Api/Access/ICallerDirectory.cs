namespace ControlPlane.Api.Access;

/// <summary>Knows what callers may do now, for what runs after they have gone.</summary>
public interface ICallerDirectory
{
    /// <summary>Roles that a caller holds now; none when the caller is locked, revoked or gone.</summary>
    ValueTask<IReadOnlyList<RoleGrant>> GrantsOfAsync(Caller caller, CancellationToken cancellationToken);
}

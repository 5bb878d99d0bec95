namespace ControlPlane.Api.Access;

/// <summary>Everybody sees his own sessions and tokens; who may read access sees those of all.</summary>
internal static class OwnAccess
{
    /// <summary>Whose sessions and tokens the caller gets to see.</summary>
    /// <param name="authorizer">Knows the caller.</param>
    /// <param name="ownerId">Whose are wanted; null for all that may be seen.</param>
    /// <returns>Id of the person; null for everybody.</returns>
    /// <exception cref="AccessException">Those of somebody else are wanted, and the caller may not see them.</exception>
    public static string? WhoseAccess(this Authorizer authorizer, string? ownerId)
    {
        if (authorizer.May(Permissions.ReadAccess))
        {
            return ownerId;
        }

        authorizer.DemandSomewhere(Permissions.OwnAccess);
        var own = authorizer.Caller.PersonId;
        return own is not null && (ownerId is null || ownerId == own) ? own : throw new AccessException(authorizer.Caller, Permissions.ReadAccess, @namespace: null);
    }
}

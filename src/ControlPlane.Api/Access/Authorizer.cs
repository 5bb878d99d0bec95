using System.Net;

namespace ControlPlane.Api.Access;

/// <summary>Says whether the caller may; use cases ask it, so that console, REST and tokens can't differ.</summary>
public sealed class Authorizer(CallerContext callers)
{
    /// <summary>Who asks.</summary>
    public Caller Caller => callers.Current;

    /// <summary>True when the caller may.</summary>
    /// <param name="permission">What.</param>
    /// <param name="namespace">In which namespace; null when it concerns none, or all.</param>
    /// <param name="team">For a service of which team; null when unknown.</param>
    public bool May(Permission permission, string? @namespace = null, string? team = null) => Scope(permission).Includes(@namespace, team);

    /// <summary>True when the caller may somewhere; what he sees then is for <see cref="Scope"/> to say.</summary>
    public bool MaySomewhere(Permission permission) => !Scope(permission).IsNowhere;

    /// <summary>Where the caller may.</summary>
    public AccessScope Scope(Permission permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        return new(permission, Caller.Grants);
    }

    /// <summary>Refuses when the caller may not.</summary>
    /// <exception cref="AccessException">The caller did not sign in, or may not.</exception>
    public void Demand(Permission permission, string? @namespace = null, string? team = null)
    {
        if (!May(permission, @namespace, team))
        {
            throw new AccessException(Caller, permission, @namespace);
        }
    }

    /// <summary>Refuses when the caller may nowhere.</summary>
    /// <returns>Where he may.</returns>
    /// <exception cref="AccessException">The caller did not sign in, or may nowhere.</exception>
    public AccessScope DemandSomewhere(Permission permission)
    {
        var scope = Scope(permission);
        return scope.IsNowhere ? throw new AccessException(Caller, permission, @namespace: null) : scope;
    }
}

/// <summary>The caller may not.</summary>
/// <param name="caller">Who asked.</param>
/// <param name="permission">For what.</param>
/// <param name="namespace">In which namespace; null when it concerns none.</param>
public sealed class AccessException(Caller caller, Permission permission, string? @namespace) : Exception(Explain(caller, permission, @namespace))
{
    /// <summary>What was missing.</summary>
    public Permission Permission { get; } = permission;

    /// <summary>401 for somebody unknown, 403 for somebody known.</summary>
    public HttpStatusCode StatusCode { get; } = caller is { Kind: CallerKind.Anonymous } ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden;

    private static string Explain(Caller caller, Permission permission, string? @namespace) => caller is { Kind: CallerKind.Anonymous }
        ? "Sign in first"
        : $"You may not {permission.Does}{(@namespace is null ? "" : $" in namespace {@namespace}")}: that takes the role {string.Join(" or ", permission.Roles.Append(Role.Admin).Select(role => role.ToName()))}";
}

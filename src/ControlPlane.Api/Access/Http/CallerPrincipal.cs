using System.Security.Claims;

namespace ControlPlane.Api.Access.Http;

/// <summary>A caller in the shape that ASP.NET Core passes on. The session's id in it leads an open page back to who is behind it now.</summary>
public static class CallerPrincipal
{
    /// <summary>The authentication scheme of all callers.</summary>
    public const string Scheme = "dabbawala";

    private const string SessionClaim = "sid";

    /// <summary>The principal of a caller.</summary>
    public static ClaimsPrincipal Of(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        List<Claim> claims = [new(ClaimTypes.NameIdentifier, caller.Id), new(ClaimTypes.Name, caller.DisplayName)];
        if (caller.SessionId is { } session)
        {
            claims.Add(new(SessionClaim, session));
        }

        return new(new ClaimsIdentity(claims, Scheme));
    }

    /// <summary>Id of the session that a principal signed in with; null for none.</summary>
    public static string? SessionOf(ClaimsPrincipal? principal) => principal?.FindFirst(SessionClaim)?.Value;
}

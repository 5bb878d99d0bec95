using System.Security.Claims;

namespace ControlPlane.Api.Access.Oidc;

/// <summary>A person as an OpenID Connect provider tells: by the claims of a token that was verified.</summary>
/// <param name="Id">Opaque id here: the same for the same person of the same issuer, always.</param>
/// <param name="Subject">Name of the account there.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Email">E-mail address; null when not told.</param>
/// <param name="Grants">What the provider's roles give here.</param>
internal sealed record IssuerIdentity(string Id, string Subject, string DisplayName, string? Email, IReadOnlyList<RoleGrant> Grants)
{
    public static IssuerIdentity Of(ClaimsIdentity claims, OidcOptions options)
    {
        var subject = claims.FindFirst("sub")?.Value ?? throw new RefusedIdentityException();
        var name = claims.FindFirst("preferred_username")?.Value ?? claims.FindFirst("email")?.Value ?? subject;
        return new(
            $"u_{Secret.Hash($"{options.Authority}\n{subject}")[..32]}",
            name,
            claims.FindFirst("name")?.Value ?? name,
            claims.FindFirst("email")?.Value,
            [.. claims.FindAll(options.RoleClaim).Select(claim => options.Roles.GetValueOrDefault(claim.Value)).OfType<RoleGrant>().Distinct()]);
    }
}

/// <summary>A token that names nobody.</summary>
internal sealed class RefusedIdentityException() : Exception("the token has no sub claim");

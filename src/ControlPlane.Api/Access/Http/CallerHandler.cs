using System.Text.Encodings.Web;
using ControlPlane.Api.Access.Oidc;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Workloads;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ControlPlane.Api.Access.Http;

/// <summary>
/// Finds out who sent a request: by a bearer token (one of ours, a JWT of the OpenID Connect provider, a Kubernetes ServiceAccount's) or else by
/// the cookie of a session. A bearer token that does not do is refused; the cookie is not looked at then.
/// </summary>
internal sealed class CallerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionRegistry sessions,
    TokenRegistry tokens,
    IssuerTokens issuer,
    ServiceAccountTokens workloads) : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            var (caller, refusal) = await OfBearerAsync(header[Bearer.Length..].Trim());
            return caller is null ? AuthenticateResult.Fail(new RefusedCredentialException(refusal!)) : Known(caller);
        }

        if (header.Length > 0)
        {
            return AuthenticateResult.Fail(new RefusedCredentialException("scheme_unknown"));
        }

        return SessionCookie.Read(Request) is { } secret && await sessions.FindAsync(secret, Context.RequestAborted) is { } person
            ? Known(person)
            : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = 401;
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Task.CompletedTask;
    }

    private async ValueTask<(Caller? Caller, string? Refusal)> OfBearerAsync(string token)
    {
        if (token.StartsWith(TokenText.Prefix, StringComparison.Ordinal))
        {
            return await tokens.FindAsync(token, Context.RequestAborted);
        }

        return issuer.IsFromIssuer(token)
            ? await issuer.FindAsync(token, Context.RequestAborted)
            : await workloads.FindAsync(token, Context.RequestAborted);
    }

    private AuthenticateResult Known(Caller caller)
    {
        Context.Features.Set(caller);
        return AuthenticateResult.Success(new AuthenticationTicket(CallerPrincipal.Of(caller), Scheme.Name));
    }
}

/// <summary>A credential that is not accepted. The code says which rule it breaks, and nothing of what is known here.</summary>
internal sealed class RefusedCredentialException(string code) : Exception(code)
{
    public string Code { get; } = code;
}

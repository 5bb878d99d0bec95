using System.Text.Encodings.Web;
using ControlPlane.Api.Access.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
    BearerTokens tokens) : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(BearerTokens.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var (caller, refusal) = await tokens.FindAsync(header[BearerTokens.Scheme.Length..].Trim(), Context.RequestAborted);
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

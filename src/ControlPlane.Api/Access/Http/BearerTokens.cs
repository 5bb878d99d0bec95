using ControlPlane.Api.Access.Oidc;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Access.Workloads;

namespace ControlPlane.Api.Access.Http;

/// <summary>Tells whose a bearer token is: one of ours, a JWT of the OpenID Connect provider, or a Kubernetes ServiceAccount's.</summary>
internal sealed class BearerTokens(TokenRegistry tokens, IssuerTokens issuer, ServiceAccountTokens workloads)
{
    /// <summary>How the header begins that carries one.</summary>
    public const string Scheme = "Bearer ";

    /// <summary>Completes when what was known of tokens is to be looked at anew: one was revoked, or its owner changed.</summary>
    public Task Forgotten => tokens.Forgotten;

    /// <summary>The caller with a token, or why there is none.</summary>
    public async ValueTask<(Caller? Caller, string? Refusal)> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (token.StartsWith(TokenText.Prefix, StringComparison.Ordinal))
        {
            return await tokens.FindAsync(token, cancellationToken);
        }

        return issuer.IsFromIssuer(token) ? await issuer.FindAsync(token, cancellationToken) : await workloads.FindAsync(token, cancellationToken);
    }
}

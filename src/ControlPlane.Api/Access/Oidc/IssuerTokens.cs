using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ControlPlane.Api.Access.Oidc;

/// <summary>
/// Accepts JWTs of the OpenID Connect provider as bearer tokens: signature by a key that the provider publishes, issuer, audience, expiry and
/// algorithm are all checked (RFC 8725), each with a code of its own for whoever is refused.
/// </summary>
internal sealed class IssuerTokens(AccessOptions options, IDbContextFactory<ControlPlaneContext> store, TimeProvider time)
{
    /// <summary>Signatures by key pairs only: with HMAC, whoever checks could also make tokens, and <c>none</c> is no signature at all.</summary>
    public static readonly IReadOnlyList<string> Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>How far clocks may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 16 * 1024 };
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _provider = options.Oidc is null
        ? null
        : new($"{options.Oidc.Authority.ToString().TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever { RequireHttps = !options.Oidc.Authority.IsLoopback })
        {
            UseLastKnownGoodConfiguration = false, // a key that the provider took back is not good any more
        };

    /// <summary>True when a token says that it is from the provider; whether it is, is another question.</summary>
    public bool IsFromIssuer(string token)
    {
        try
        {
            return options.Oidc is not null && _handler.CanReadToken(token)
                && _handler.ReadJsonWebToken(token).Issuer.TrimEnd('/') == options.Oidc.Authority.ToString().TrimEnd('/');
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return false;
        }
    }

    /// <summary>The caller with a token, or why there is none.</summary>
    public async Task<(Caller? Caller, string? Refusal)> FindAsync(string token, CancellationToken cancellationToken)
    {
        var result = await _handler.ValidateTokenAsync(token, Rules());
        if (!result.IsValid)
        {
            return (null, CodeOf(result.Exception));
        }

        var identity = IssuerIdentity.Of(result.ClaimsIdentity, options.Oidc!);
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var isDisabled = await context.Set<User>().AnyAsync(user => user.Id == identity.Id && user.IsDisabled, cancellationToken);
        return isDisabled
            ? (null, "token_unknown")
            : (new Caller { Kind = CallerKind.Person, Id = identity.Id, DisplayName = identity.DisplayName, Grants = identity.Grants, Via = "rest" }, null);
    }

    private TokenValidationParameters Rules() => new()
    {
        ConfigurationManager = _provider,
        ValidIssuer = options.Oidc!.Authority.ToString(),
        ValidIssuers = [options.Oidc.Authority.ToString().TrimEnd('/'), $"{options.Oidc.Authority.ToString().TrimEnd('/')}/"],
        ValidAudience = options.Oidc.Audience,
        ValidAlgorithms = Algorithms,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = CheckLifetime,
    };

    private bool CheckLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters rules)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is null ? throw new SecurityTokenNoExpirationException()
            : now > expires + Skew ? throw new SecurityTokenExpiredException()
            : now + Skew < notBefore ? throw new SecurityTokenNotYetValidException()
            : true;
    }

    private static string CodeOf(Exception refusal) => refusal switch
    {
        SecurityTokenExpiredException => "token_expired",
        SecurityTokenNotYetValidException => "token_not_yet_valid",
        SecurityTokenNoExpirationException => "token_without_expiry",
        SecurityTokenInvalidAudienceException => "token_audience",
        SecurityTokenInvalidIssuerException => "token_issuer",
        SecurityTokenInvalidAlgorithmException => "token_algorithm",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => "token_signature",
        _ => "token_invalid",
    };
}

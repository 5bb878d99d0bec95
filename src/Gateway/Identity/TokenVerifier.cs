using Gateway.Policies;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Identity;

/// <summary>Verifies tokens (RFC 7519) as RFC 8725 advises: signature by a key of the issuer, algorithm, issuer, audience, and times.</summary>
internal sealed class TokenVerifier(TimeProvider time)
{
    /// <summary>Longest token, in bytes: proxies cut headers at about as much.</summary>
    public const int LongestToken = 16 * 1024;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Public keys verify these only: a token signed with the public key as if it were a shared secret is none of them, nor is <c>none</c>.</summary>
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken, MapInboundClaims = false };

    /// <summary>What a token says of itself, unverified; null when it is none.</summary>
    public JsonWebToken? Read(string token)
    {
        try
        {
            return token.Length <= LongestToken && _handler.CanReadToken(token) ? _handler.ReadJsonWebToken(token) : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    /// <summary>The token with its claims, or why it is not taken.</summary>
    public async Task<TokenVerdict> VerifyAsync(JsonWebToken token, TokenIssuerOptions issuer, KeySet keys)
    {
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Issuer,
            ValidAudiences = issuer.Audiences,
            ValidateAudience = issuer.Audiences.Count > 0,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = keys.Keys,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = IsAlive,
        });
        return result.IsValid ? new(result.ClaimsIdentity, null) : new(null, Words(result.Exception));
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + Skew && (notBefore is not { } start || now >= start - Skew);
    }

    /// <summary>Enough for who made the token, and nothing of what is in it.</summary>
    private static string Words(Exception exception) => exception switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException => "the token is expired, or not valid yet",
        SecurityTokenInvalidAudienceException => "the token is for another audience",
        SecurityTokenInvalidIssuerException => "the token is of another issuer",
        SecurityTokenInvalidAlgorithmException => "the token is signed by an algorithm that is not taken",
        _ => "the token's signature can't be verified",
    };
}

/// <summary>What came of verifying a token.</summary>
/// <param name="Caller">Who shows it; null when it is not taken.</param>
/// <param name="Problem">Why it is not taken; null when it is.</param>
internal sealed record TokenVerdict(System.Security.Claims.ClaimsIdentity? Caller, string? Problem);

using System.Net;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Identity;

/// <summary>Public keys of an issuer.</summary>
/// <param name="Keys">The keys.</param>
internal sealed record KeySet(IReadOnlyList<SecurityKey> Keys)
{
    /// <summary>True when a token that names this key could be one of the issuer's.</summary>
    public bool Has(string? keyId) => string.IsNullOrEmpty(keyId) || Keys.Any(key => key.KeyId == keyId);
}

/// <summary>Reads the public keys of issuers (RFC 7517): no more than a set of keys can reasonably be, and none that are no public keys for signatures.</summary>
internal sealed class KeySetReader : IDisposable
{
    /// <summary>Largest set, as the field's description promises.</summary>
    public const int LargestSet = 256 * 1024;

    private const int MostKeys = 100;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(3), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        MaxResponseContentBufferSize = LargestSet,
    };

    /// <summary>Reads a set.</summary>
    /// <exception cref="HttpRequestException">The issuer does not answer, or with too much.</exception>
    /// <exception cref="FormatException">It answers with something that is no set of keys.</exception>
    public async Task<KeySet> ReadAsync(Uri address, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(address, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"it answers {(int)answer.StatusCode}");
        }

        return Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    public void Dispose() => _http.Dispose();

    private static KeySet Parse(string text)
    {
        try
        {
            var set = new JsonWebKeySet(text);
            var keys = set.Keys.Where(static key => key.Kty is JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve && key.Use is null or "" or "sig").ToList();
            return set.Keys.Count > MostKeys ? throw new FormatException($"it answers with more than {MostKeys} keys")
                : keys.Count == 0 ? throw new FormatException("it answers without any key for signatures")
                : new KeySet([.. keys]);
        }
        catch (ArgumentException e)
        {
            throw new FormatException("it answers with something that is no set of keys", e);
        }
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Policies;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Tests.Identity;

/// <summary>An issuer of tokens with a key of its own.</summary>
internal sealed class TestIssuer : IDisposable
{
    public const string Name = "https://login.example.com/";
    public const string Audience = "shop";

    private readonly RSA _key = RSA.Create(2048);
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>The public half as a set of keys.</summary>
    public string KeySet => JsonSerializer.Serialize(new { keys = new[] { Public } });

    public object Public
    {
        get
        {
            var key = _key.ExportParameters(includePrivateParameters: false);
            return new { kty = "RSA", use = "sig", kid = _id, n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) };
        }
    }

    public SigningCredentials Credentials => new(new RsaSecurityKey(_key) { KeyId = _id }, SecurityAlgorithms.RsaSha256);

    /// <summary>Signed with the public key as if it were a secret that both know: what a careless verifier takes.</summary>
    public SigningCredentials Confused => new(new SymmetricSecurityKey(_key.ExportSubjectPublicKeyInfo()) { KeyId = _id }, SecurityAlgorithms.HmacSha256);

    public static TokenIssuerOptions Options(Uri? keysAt = null, params KeyValuePair<string, string>[] claimHeaders) => new(Name, keysAt ?? new Uri("http://127.0.0.1:1/keys"), [Audience], claimHeaders);

    public string Token(DateTime now, string subject = "asha", Action<SecurityTokenDescriptor>? change = null)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(5),
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["city"] = "Mumbai" },
            SigningCredentials = Credentials,
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public void Dispose() => _key.Dispose();
}

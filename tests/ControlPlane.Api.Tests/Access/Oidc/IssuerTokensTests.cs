using System.Security.Cryptography;
using System.Text;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Oidc;
using ControlPlane.Api.Tests.Testing;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace ControlPlane.Api.Tests.Access.Oidc;

/// <summary>JWTs as bearer tokens, held against RFC 8725 (JSON Web Token Best Current Practices).</summary>
public sealed class IssuerTokensTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 6, 0, 0, TimeSpan.Zero));
    private TestIssuer _issuer = null!;
    private TemporaryStore _store = null!;
    private IssuerTokens _tokens = null!;

    private DateTimeOffset Soon => _time.GetUtcNow().AddMinutes(5);

    public async ValueTask InitializeAsync()
    {
        (_issuer, _store) = (await TestIssuer.StartAsync(), await TemporaryStore.MakeAsync());
        _tokens = new IssuerTokens(
            new AccessOptions
            {
                Oidc = new OidcOptions
                {
                    Authority = _issuer.Address,
                    ClientId = "console",
                    Roles = new Dictionary<string, RoleGrant> { ["fleet-engineers"] = new(Role.PlatformEngineer, "shop") },
                },
            },
            _store.Contexts,
            _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _issuer.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_token_of_the_provider_says_who_asks_and_its_roles_are_mapped()
    {
        var token = _issuer.Token(Soon);
        Assert.True(_tokens.IsFromIssuer(token));

        var (caller, refusal) = await _tokens.FindAsync(token, TestContext.Current.CancellationToken);

        Assert.Null(refusal);
        Assert.Equal("Asha Rao", caller!.DisplayName);
        Assert.Equal([new RoleGrant(Role.PlatformEngineer, "shop")], caller.Grants);
        Assert.DoesNotContain("asha", caller.Id, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public Task An_expired_token_is_refused() => RefusedAsync("token_expired", _issuer.Token(_time.GetUtcNow().AddSeconds(-31)));

    [Fact]
    public async Task Clocks_may_be_half_a_minute_apart() => Assert.NotNull((await _tokens.FindAsync(_issuer.Token(_time.GetUtcNow().AddSeconds(-29)), TestContext.Current.CancellationToken)).Caller);

    [Fact]
    public Task A_token_for_somebody_else_is_refused() => RefusedAsync("token_audience", _issuer.Token(Soon, audience: "console"));

    [Fact]
    public Task A_token_that_is_not_signed_is_refused() => RefusedAsync("token_signature", _issuer.Token(Soon, signed: false));

    [Fact]
    public async Task A_token_signed_by_another_key_is_refused()
    {
        using var other = RSA.Create(2048);
        foreach (var id in (string[])["one", "two"])
        {
            await RefusedAsync("token_signature", _issuer.Token(Soon, signing: new(new RsaSecurityKey(other) { KeyId = id }, SecurityAlgorithms.RsaSha256)));
        }
    }

    /// <summary>The old trick: the provider's public key, taken for a shared secret.</summary>
    [Fact]
    public async Task A_token_signed_by_the_public_key_as_if_it_were_a_secret_is_refused()
    {
        using var rsa = RSA.Create(_issuer.Key.Rsa.ExportParameters(includePrivateParameters: false));
        var secret = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = "one" };

        var (caller, refusal) = await _tokens.FindAsync(_issuer.Token(Soon, signing: new(secret, SecurityAlgorithms.HmacSha256)), TestContext.Current.CancellationToken);

        Assert.Null(caller);
        Assert.Contains(refusal, (string[])["token_algorithm", "token_signature"]);
    }

    [Fact]
    public async Task One_bit_more_or_less_of_the_signature_is_refused()
    {
        var token = _issuer.Token(Soon);
        var dot = token.LastIndexOf('.');
        await RefusedAsync("token_signature", $"{token[..(dot + 1)]}{(token[dot + 1] == 'A' ? 'B' : 'A')}{token[(dot + 2)..]}");
    }

    [Fact]
    public void A_token_of_another_issuer_is_none_of_the_providers() => Assert.False(_tokens.IsFromIssuer(_issuer.Token(Soon, issuer: "https://elsewhere.example")));

    private async Task RefusedAsync(string code, string token) => Assert.Equal((null, code), await _tokens.FindAsync(token, TestContext.Current.CancellationToken));
}

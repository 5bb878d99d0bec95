using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ControlPlane.Api.Tests.Access.Oidc;

/// <summary>Publishes a key and signs whatever a test wants, right or wrong: a real provider would not.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _app;

    private TestIssuer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        _app = builder.Build();
        Key = new RsaSecurityKey(_rsa) { KeyId = "one" };
        _app.MapGet("/.well-known/openid-configuration", () => TypedResults.Text(
            new JsonObject { ["issuer"] = Address.ToString(), ["jwks_uri"] = new Uri(Address, "/keys").ToString() }.ToJsonString(), "application/json"));
        _app.MapGet("/keys", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(includePrivateParameters: false)) { KeyId = "one" });
            return TypedResults.Text(
                new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["kty"] = key.Kty, ["kid"] = key.Kid, ["use"] = "sig", ["n"] = key.N, ["e"] = key.E }) }.ToJsonString(), "application/json");
        });
    }

    public RsaSecurityKey Key { get; }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>A token.</summary>
    public string Token(DateTimeOffset expires, string audience = "dabbawala", string? issuer = null, SigningCredentials? signing = null, bool signed = true) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer ?? Address.ToString(),
        Audience = audience,
        Expires = expires.UtcDateTime,
        SigningCredentials = signed ? signing ?? new SigningCredentials(Key, SecurityAlgorithms.RsaSha256) : null,
        Claims = new Dictionary<string, object> { ["sub"] = "asha-7", ["name"] = "Asha Rao", ["roles"] = new[] { "fleet-engineers", "cooks" } },
    });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }
}

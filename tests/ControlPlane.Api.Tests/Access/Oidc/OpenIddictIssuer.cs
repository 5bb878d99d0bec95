using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ControlPlane.Api.Tests.Access.Oidc;

/// <summary>A real OpenID Connect provider (OpenIddict) on loopback, where everybody is Asha and has consented.</summary>
internal sealed class OpenIddictIssuer : IAsyncDisposable
{
    public const string ClientId = "console";
    public const string ClientSecret = "the console's secret";

    /// <summary>One for all: its ephemeral keys have 4096 bits, which take seconds to be found.</summary>
    private static readonly RsaSecurityKey Key = new(RSA.Create(2048));

    private readonly WebApplication _app;

    private OpenIddictIssuer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Groups that the provider tells of her.</summary>
    public IReadOnlyList<string> Groups { get; set; } = ["fleet-engineers"];

    public static async Task<OpenIddictIssuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None)).AddAuthentication();
        var database = $"issuer-{Guid.NewGuid():N}";
        builder.Services.AddDbContext<DbContext>(options => options.UseInMemoryDatabase(database).UseOpenIddict());
        builder.Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<DbContext>())
            .AddServer(server =>
            {
                server.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
                server.AllowAuthorizationCodeFlow().AllowClientCredentialsFlow().RequireProofKeyForCodeExchange();
                server.RegisterScopes(Scopes.Email, Scopes.Profile, "fleet");
                server.AddEncryptionKey(Key).AddSigningKey(Key).DisableAccessTokenEncryption();
                server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().DisableTransportSecurityRequirement();
            });
        var issuer = new OpenIddictIssuer(builder.Build());
        issuer._app.UseRouting();
        issuer._app.UseAuthentication();
        issuer._app.MapGet("/connect/authorize", (Delegate)issuer.Authorize);
        issuer._app.MapPost("/connect/token", (Delegate)issuer.Exchange);
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>Makes the console known to the provider.</summary>
    public async Task RegisterAsync(Uri callback)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = ClientId,
            ClientSecret = ClientSecret,
            RedirectUris = { callback },
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.ClientCredentials,
                Permissions.ResponseTypes.Code, Permissions.Scopes.Email, Permissions.Scopes.Profile, $"{Permissions.Prefixes.Scope}fleet",
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(client, TestContext.Current.CancellationToken);
    }

    /// <summary>A bearer token for our API, as a program gets it.</summary>
    public async Task<string> BearerAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = ClientId, ["client_secret"] = ClientSecret, ["scope"] = "fleet" });
        using var answer = await http.PostAsync(new Uri("connect/token", UriKind.Relative), form, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (string?)System.Text.Json.Nodes.JsonNode.Parse(text)!["access_token"] ?? throw new InvalidOperationException(text);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Authorize(HttpContext context) =>
        Results.SignIn(Asha(context.GetOpenIddictServerRequest()!.GetScopes()), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);

    private async Task<IResult> Exchange(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var principal = request.IsClientCredentialsGrantType()
            ? Asha(request.GetScopes())
            : (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        return Results.SignIn(principal, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private ClaimsPrincipal Asha(IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("test", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, "asha-7").SetClaim(Claims.Name, "Asha Rao").SetClaim(Claims.PreferredUsername, "asha").SetClaim(Claims.Email, "asha@example.in");
        identity.SetClaims("roles", [.. Groups]);
        identity.SetScopes(scopes);
        identity.SetResources("dabbawala");
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }
}

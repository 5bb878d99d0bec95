using System.Net;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.Oidc;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Tests.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Tests.Access.Oidc;

/// <summary>Sign-in at a real OpenIddict server, over real connections: code with PKCE, and its tokens as bearer tokens.</summary>
public sealed class SingleSignOnTests(RunningControlPlane other) : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("dabbawala-sso-").FullName;
    private OpenIddictIssuer _issuer = null!;
    private WebApplication _app = null!;

    private Uri Address => new(_app.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        _issuer = await OpenIddictIssuer.StartAsync();
        var oidc = new OidcOptions
        {
            Authority = _issuer.Address,
            ClientId = OpenIddictIssuer.ClientId,
            ClientSecret = OpenIddictIssuer.ClientSecret,
            Roles = new Dictionary<string, RoleGrant> { ["fleet-engineers"] = new(Role.PlatformEngineer, "shop"), ["admins"] = new(Role.Admin) },
        };
        _app = ControlPlaneHost.Build(other.Cluster.Address, _data, new AccessOptions { Oidc = oidc, Output = TextWriter.Null }, new InMemoryAuditLog(), roles: ControlPlaneRoles.Api, meters: new UnheardMeters());
        _app.MapGet("/sign-in/sso", () => TypedResults.Challenge(new AuthenticationProperties { RedirectUri = "/services/shop/order" }, [SingleSignOn.Scheme])).ForAnybody("as the console has it");
        await _app.StartAsync(TestContext.Current.CancellationToken);
        await _issuer.RegisterAsync(new Uri(Address, "/sign-in/oidc"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Somebody_whom_the_provider_vouches_for_has_a_session_with_the_mapped_roles()
    {
        using var browser = Browser();

        var toProvider = await NextAsync(browser, new Uri(Address, "/sign-in/sso"));
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(toProvider.Query);
        Assert.Equal(("code", "S256"), (query["response_type"].ToString(), query["code_challenge_method"].ToString()));
        var callback = await NextAsync(browser, toProvider);
        var done = await NextAsync(browser, callback);

        Assert.Equal("/sign-in/done?returnUrl=%2Fservices%2Fshop%2Forder", done.PathAndQuery);
        var me = (await Answer.ReadAsync(await browser.GetAsync(new Uri(Address, "/api/v1/me"), TestContext.Current.CancellationToken))).Ok();
        Assert.Equal("Asha Rao", (string?)me["displayName"]);
        Assert.Equal(["platform-engineer@shop"], me["roles"]!.AsArray().Select(role => (string)role!));

        // What comes back a second time, from somebody who listened, opens nothing.
        using var thief = Browser();
        Assert.Equal("/sign-in?problem=sso", (await NextAsync(thief, callback)).PathAndQuery);
    }

    [Fact]
    public async Task Roles_follow_the_provider_at_the_next_sign_in_and_without_one_nobody_is_let_in()
    {
        _issuer.Groups = ["admins"];
        using var browser = Browser();
        await SignInAsync(browser);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(Address, "/api/v1/users"), TestContext.Current.CancellationToken)).StatusCode);

        _issuer.Groups = ["cooks"];
        Assert.Equal("/sign-in?problem=norole", (await SignInAsync(Browser())).PathAndQuery);
    }

    [Fact]
    public async Task A_token_of_the_provider_is_a_bearer_token_here()
    {
        using var program = new HttpClient();
        program.DefaultRequestHeaders.Authorization = new("Bearer", await _issuer.BearerAsync());

        var me = (await Answer.ReadAsync(await program.GetAsync(new Uri(Address, "/api/v1/me"), TestContext.Current.CancellationToken))).Ok();

        Assert.Equal(["platform-engineer@shop"], me["roles"]!.AsArray().Select(role => (string)role!));
    }

    private async Task<Uri> SignInAsync(HttpClient browser)
    {
        var address = new Uri(Address, "/sign-in/sso");
        for (var step = 0; step < 3; step++)
        {
            address = await NextAsync(browser, address);
        }

        return address;
    }

    private static async Task<Uri> NextAsync(HttpClient browser, Uri address)
    {
        using var answer = await browser.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        return new Uri(address, answer.Headers.Location!);
    }

    private static HttpClient Browser() => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });
}

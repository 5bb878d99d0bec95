using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Tests.Access;

/// <summary>First start, one-time links, sessions and tokens, by REST.</summary>
public sealed class CredentialTests(RunningControlPlane running)
{
    private static readonly Visitor Here = new("192.0.2.1", "Mozilla/5.0 Firefox/140.0", "test");

    private SignInDesk Desk => running.Services.GetRequiredService<SignInDesk>();

    [Fact]
    public void First_start_prints_a_link_and_leaves_a_token_that_only_its_owner_can_read()
    {
        Assert.Contains($"{running.Address.GetLeftPart(UriPartial.Authority)}/sign-in?token=", running.Output.ToString(), StringComparison.Ordinal);
        FileModes.AssertPrivate(Path.Combine(running.DataDirectory, "admin.token"));
        FileModes.AssertPrivate(Path.Combine(running.DataDirectory, "control.db"));
    }

    [Fact]
    public async Task A_link_signs_in_once_and_the_session_can_be_ended_at_once()
    {
        var token = await LinkAsync();
        var result = await Desk.ByLinkAsync(token, Here, TestContext.Current.CancellationToken);
        Assert.Equal(SignInRefusal.Link, (await Desk.ByLinkAsync(token, Here, TestContext.Current.CancellationToken)).Refusal);
        using var browser = Browser(result.Secret!);

        var me = (await Answer.ReadAsync(await browser.GetAsync("/api/v1/me", TestContext.Current.CancellationToken))).Ok();
        Assert.Equal("Person", (string?)me["kind"]);
        var session = (await running.GetAsync($"/api/v1/sessions?user={me["id"]}")).Ok()["items"]!.AsArray().First(item => (string)item!["address"]! == Here.Address)!;
        using var ended = await running.Http.DeleteAsync($"/api/v1/sessions/{session["id"]}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        (await Answer.ReadAsync(await browser.GetAsync("/api/v1/me", TestContext.Current.CancellationToken))).Problem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_changes_nothing_that_another_site_asks_for()
    {
        using var browser = Browser((await Desk.ByLinkAsync(await LinkAsync(), Here, TestContext.Current.CancellationToken)).Secret!);
        async Task<Answer> PostAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
            request.Headers.Add(header, value);
            return await Answer.ReadAsync(await browser.SendAsync(request, TestContext.Current.CancellationToken));
        }

        Assert.Equal("cross_site", (string?)(await PostAsync("Sec-Fetch-Site", "cross-site")).Problem(HttpStatusCode.Forbidden)["reason"]);
        (await PostAsync("Origin", "https://evil.example")).Problem(HttpStatusCode.Forbidden);
        (await PostAsync("Accept", "*/*")).Problem(HttpStatusCode.Forbidden);
        (await PostAsync("Sec-Fetch-Site", "same-origin")).Problem(HttpStatusCode.BadRequest);
        (await PostAsync("Origin", running.Address.GetLeftPart(UriPartial.Authority))).Problem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Somebody_who_was_invited_chooses_a_password_and_signs_in_with_it()
    {
        var invited = (await running.PostJsonAsync("/api/v1/users", new JsonObject { ["name"] = "Zubeida", ["displayName"] = "Zubeida Khan", ["roles"] = new JsonArray("viewer@shop") })).Json;
        var link = ((string)invited["link"]!)["/invitation?token=".Length..];
        const string Password = "a long enough phrase";

        Assert.NotNull((await Desk.ByInvitationAsync(link, Password, Here, TestContext.Current.CancellationToken)).Secret);
        Assert.Equal(SignInRefusal.Link, (await Desk.ByInvitationAsync(link, Password, Here, TestContext.Current.CancellationToken)).Refusal);
        Assert.Equal(SignInRefusal.Wrong, (await Desk.ByPasswordAsync("zubeida", "another long phrase", Here, TestContext.Current.CancellationToken)).Refusal);
        Assert.Equal(SignInRefusal.Wrong, (await Desk.ByPasswordAsync("nobody", Password, Here, TestContext.Current.CancellationToken)).Refusal);
        using var browser = Browser((await Desk.ByPasswordAsync(" ZUBEIDA ", Password, Here, TestContext.Current.CancellationToken)).Secret!);

        var me = (await Answer.ReadAsync(await browser.GetAsync("/api/v1/me", TestContext.Current.CancellationToken))).Ok();
        Assert.Equal(["viewer@shop"], me["roles"]!.AsArray().Select(role => (string)role!));
        Assert.Contains(running.Log.Events, item => item is { Action: "session.start", Outcome: Compliance.Audit.AuditOutcome.Refused, Reason: "Password: Wrong" });
        Assert.All(running.Log.Events, item => Assert.DoesNotContain("zubeida", $"{item with { PersonalData = [] }}", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_change_of_roles_and_a_lock_count_at_once()
    {
        var invited = (await running.PostJsonAsync("/api/v1/users", new JsonObject { ["name"] = "ravi", ["roles"] = new JsonArray("viewer") })).Json;
        var (id, link) = ((string)invited["user"]!["id"]!, ((string)invited["link"]!)["/invitation?token=".Length..]);
        using var browser = Browser((await Desk.ByInvitationAsync(link, "a long enough phrase", Here, TestContext.Current.CancellationToken)).Secret!);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/services", TestContext.Current.CancellationToken)).StatusCode);

        await PutAsync(id, new JsonObject { ["displayName"] = "Ravi", ["roles"] = new JsonArray() });
        (await Answer.ReadAsync(await browser.GetAsync("/api/v1/services", TestContext.Current.CancellationToken))).Problem(HttpStatusCode.Forbidden);

        await PutAsync(id, new JsonObject { ["displayName"] = "Ravi", ["roles"] = new JsonArray("viewer"), ["isDisabled"] = true });
        (await Answer.ReadAsync(await browser.GetAsync("/api/v1/services", TestContext.Current.CancellationToken))).Problem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_change_that_somebody_else_made_meanwhile_is_not_overwritten()
    {
        var id = (string)(await running.PostJsonAsync("/api/v1/users", new JsonObject { ["name"] = "meera", ["roles"] = new JsonArray("viewer") })).Json["user"]!["id"]!;
        var tag = (await running.GetAsync($"/api/v1/users/{id}")).ETag!;
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(id, new JsonObject { ["displayName"] = "Meera" }, tag)).Status);

        (await PutAsync(id, new JsonObject { ["displayName"] = "Mira" }, tag)).Problem(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task The_last_admin_stays()
    {
        var admin = (await running.GetAsync("/api/v1/users?role=admin")).Ok()["items"]!.AsArray().Single()!;

        Assert.Equal("roles", (string?)(await PutAsync((string)admin["id"]!, new JsonObject { ["roles"] = new JsonArray("viewer") })).Problem(HttpStatusCode.Conflict)["field"]);
        (await Answer.ReadAsync(await running.Http.DeleteAsync($"/api/v1/users/{admin["id"]}", TestContext.Current.CancellationToken))).Problem(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("platform-engineer", "viewer@shop", true)]
    [InlineData("platform-engineer", "on-call", true)]
    [InlineData("platform-engineer", "admin", false)]
    [InlineData("platform-engineer", "audit-source", false)]
    [InlineData("platform-engineer@shop", "viewer@shop", true)]
    [InlineData("platform-engineer@shop", "viewer@shop/orders", true)]
    [InlineData("platform-engineer@shop", "viewer", false)]
    [InlineData("platform-engineer@shop", "viewer@pay", false)]
    public async Task A_token_gives_no_more_than_its_maker_holds(string maker, string role, bool isMade)
    {
        using var somebody = await running.AsAsync(maker);
        using var answer = await somebody.PostAsync(
            "/api/v1/tokens", new StringContent($$"""{"name": "ci", "roles": ["{{role}}"]}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(isMade ? HttpStatusCode.Created : HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_that_is_revoked_opens_nothing_any_more()
    {
        var made = (await running.PostJsonAsync("/api/v1/tokens", new JsonObject { ["name"] = "short-lived", ["roles"] = new JsonArray("viewer") })).Json;
        using var client = running.With((string)made["token"]!);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/services", TestContext.Current.CancellationToken)).StatusCode);
        Assert.DoesNotContain((string)made["token"]!, (await running.GetAsync("/api/v1/tokens")).Text, StringComparison.Ordinal);

        await running.Http.DeleteAsync($"/api/v1/tokens/{made["view"]!["id"]}", TestContext.Current.CancellationToken);

        Assert.Equal("token_unknown", (string?)(await Answer.ReadAsync(await client.GetAsync("/api/v1/services", TestContext.Current.CancellationToken))).Problem(HttpStatusCode.Unauthorized)["reason"]);
    }

    [Theory]
    [InlineData("dbw_0000000000000000000000000000000000000000000000000", "token_malformed")]
    [InlineData("nonsense", "token_unknown")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL25vd2hlcmUiLCJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6YTpiIn0.", "token_unknown")]
    public async Task A_token_that_is_none_is_refused_with_a_code(string token, string code)
    {
        using var client = running.With(token);

        Assert.Equal(code, (string?)(await Answer.ReadAsync(await client.GetAsync("/api/v1/services", TestContext.Current.CancellationToken))).Problem(HttpStatusCode.Unauthorized)["reason"]);
    }

    private async Task<string> LinkAsync() => (await running.Services.GetRequiredService<FirstStart>().LinkForAdminAsync(TestContext.Current.CancellationToken))["/sign-in?token=".Length..];

    private HttpClient Browser(string secret)
    {
        var http = running.With(token: null);
        http.DefaultRequestHeaders.Add("Cookie", $"dabbawala-session={secret}");
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0");
        return http;
    }

    private async Task<Answer> PutAsync(string id, JsonObject draft, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/users/{id}") { Content = new StringContent(draft.ToJsonString(), Encoding.UTF8, "application/json") };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await Answer.ReadAsync(await running.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }
}

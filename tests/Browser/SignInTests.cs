using Browser.Hosting;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Browser;

public sealed class SignInTests(ConsoleFixture console) : BrowserTest(console)
{
    private const string Phrase = "a long enough phrase";

    [Fact]
    public async Task Whoever_is_not_signed_in_is_led_to_sign_in_and_back_to_where_he_wanted()
    {
        await OpenAsync(ColorScheme.Dark, width: 1100, signedIn: false);
        var (name, link) = await InviteAsync("viewer");
        await ChooseAsync(link);
        await Page.Context.ClearCookiesAsync();

        await GoToAsync("/activity?kind=change");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.DoesNotContain((await Page.RunAxe()).Violations, violation => violation.Tags.Any(tag => tag.StartsWith("wcag", StringComparison.Ordinal)));
        await SubmitAsync(name, "not the right phrase");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("don't go together");
        await SubmitAsync(name, Phrase);

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Activity" })).ToBeVisibleAsync();
        Assert.EndsWith("/activity?kind=change", Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_that_one_may_not_see_are_not_offered_and_say_what_is_missing()
    {
        await OpenAsync(ColorScheme.Light, width: 1100, signedIn: false);
        var (_, link) = await InviteAsync("viewer");
        await ChooseAsync(link);

        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Onboarding" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Access", Exact = true })).ToHaveCountAsync(0);
        var answer = await Page.APIRequest.GetAsync("/access", new() { Headers = new Dictionary<string, string> { ["Accept"] = "text/html" } });
        Assert.Equal(403, answer.Status);
        await Page.EvaluateAsync("Blazor.navigateTo('/access')");
        await Expect(Page.GetByText("You may not see who has access")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_session_that_an_admin_ends_is_over_in_the_open_page_too()
    {
        await OpenAsync(ColorScheme.Light, width: 1100, signedIn: false);
        var (name, link) = await InviteAsync("viewer");
        await ChooseAsync(link);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Fleet", Exact = true })).ToBeVisibleAsync();

        using var admin = Admin();
        var users = System.Text.Json.Nodes.JsonNode.Parse(await admin.GetStringAsync($"/api/v1/users?q={name}", TestContext.Current.CancellationToken))!;
        var sessions = System.Text.Json.Nodes.JsonNode.Parse(await admin.GetStringAsync($"/api/v1/sessions?user={users["items"]![0]!["id"]}", TestContext.Current.CancellationToken))!;
        await admin.DeleteAsync($"/api/v1/sessions/{sessions["items"]![0]!["id"]}", TestContext.Current.CancellationToken);

        await Expect(Page.GetByText("Your session has ended.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        await OpenAsync(ColorScheme.Light, width: 1100, signedIn: false);
        var (_, link) = await InviteAsync("viewer");
        await ChooseAsync(link);
        await GoToAsync("/account");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page.GetByText("You are signed out")).ToBeVisibleAsync();
        await GoToAsync("/");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_admin_invites_somebody_and_makes_a_token()
    {
        await GoToAsync("/access?user=new");
        await Page.GetByLabel("Name to sign in with").FillAsync("invited-in-console");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("/invitation?token=")).ToBeVisibleAsync();

        await GoToAsync("/account");
        await Page.GetByLabel("For what").FillAsync("nightly report");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync();

        await Expect(Page.GetByText("dbw_")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Cell, new() { Name = "nightly report" })).ToBeVisibleAsync();
    }

    private async Task<(string Name, string Link)> InviteAsync(string role)
    {
        using var admin = Admin();
        var name = $"guest-{Guid.NewGuid():N}"[..16];
        using var answer = await admin.PostAsync("/api/v1/users", System.Net.Http.Json.JsonContent.Create(new { name, roles = new[] { role } }), TestContext.Current.CancellationToken);
        return (name, (string)System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["link"]!);
    }

    private async Task ChooseAsync(string link)
    {
        await GoToAsync(link);
        await Page.GetByLabel("Password, at least 12 characters").FillAsync(Phrase);
        await Page.GetByLabel("Once more").FillAsync(Phrase);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save and sign in" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Fleet", Exact = true })).ToBeVisibleAsync();
    }

    private async Task SubmitAsync(string name, string password)
    {
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    private HttpClient Admin()
    {
        var http = new HttpClient { BaseAddress = Console.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Console.AdminToken);
        return http;
    }
}

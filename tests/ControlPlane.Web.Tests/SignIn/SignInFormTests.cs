using System.Net;
using ControlPlane.Api.Access.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Web.Tests.SignIn;

public sealed class SignInFormTests(HostedConsole console)
{
    [Fact]
    public async Task A_link_that_somebody_opens_signs_in_at_once_and_one_that_a_scanner_reads_does_not()
    {
        var link = await LinkAsync();
        using var scanner = console.Browser();
        using (var looked = await scanner.GetAsync(link, TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.OK, looked.StatusCode);
            Assert.Contains("Sign in by link", await looked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        using var person = console.Browser();
        person.DefaultRequestHeaders.Add("Sec-Fetch-Site", "none");
        person.DefaultRequestHeaders.Add("Sec-Fetch-Dest", "document");
        using var opened = await person.GetAsync(link, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, "/"), (opened.StatusCode, opened.Headers.Location!.ToString().Replace(console.Address.GetLeftPart(UriPartial.Authority), "", StringComparison.Ordinal)));
        var cookie = Assert.Single(opened.Headers.GetValues("Set-Cookie"), value => value.StartsWith("dabbawala-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task No_alert_is_on_the_page_before_something_went_wrong()
    {
        using var browser = console.Browser();
        var page = await browser.GetStringAsync("/sign-in", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("role=\"alert\"", page, StringComparison.Ordinal); // not even one that a style hides: the page may be read before its styles are there
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_is_refused()
    {
        using var browser = console.Browser();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "admin", ["password"] = "whatever it is" });
        using var answer = await browser.PostAsync("/sign-in/password", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/services/shop/order?tab=events", "/sign-in?problem=wrong&returnUrl=%2Fservices%2Fshop%2Forder%3Ftab%3Devents")]
    [InlineData("https://evil.example/", "/sign-in?problem=wrong")]
    [InlineData("//evil.example/", "/sign-in?problem=wrong")]
    [InlineData("/\\evil.example/", "/sign-in?problem=wrong")]
    public async Task A_wrong_password_leads_back_and_on_to_this_console_alone(string returnUrl, string next)
    {
        using var browser = console.Browser();
        using var page = await browser.GetAsync("/sign-in", TestContext.Current.CancellationToken);
        var field = HostedConsole.FieldOf(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        browser.DefaultRequestHeaders.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["dabbawala-antiforgery"] = field, ["name"] = $"nobody-{Guid.NewGuid():N}", ["password"] = "whatever it is", ["returnUrl"] = returnUrl,
        });
        using var answer = await browser.PostAsync("/sign-in/password", form, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, next), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/css/tokens.css")]
    [InlineData("/api/v1/me")]
    [InlineData("/healthz/live")]
    [InlineData("/nowhere")]
    public async Task Every_answer_has_the_security_headers(string address)
    {
        using var browser = console.Browser();
        using var answer = await browser.GetAsync(address, TestContext.Current.CancellationToken);
        string Header(string name) => string.Join(", ", answer.Headers.TryGetValues(name, out var values) ? values : []);

        var policy = Header("Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy.Split("; ").Single(part => part.StartsWith("script-src", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("same-origin", Header("Referrer-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        Assert.NotEmpty(Header("Permissions-Policy"));
        Assert.Empty(Header("Strict-Transport-Security")); // over http it would mean nothing
    }

    private async Task<string> LinkAsync() => await console.Services.GetRequiredService<FirstStart>().LinkForAdminAsync(TestContext.Current.CancellationToken);
}

using System.Security.Cryptography;
using Browser.Hosting;
using Microsoft.Playwright;

namespace Browser;

public sealed class AuditTests(ConsoleFixture console) : BrowserTest(console)
{
    [Fact]
    public async Task An_auditor_s_question_is_answered_from_search_to_download()
    {
        // Search: the example fleet is on record from the first start on.
        await GoToAsync("/audit?q=history.snapshot%20shop/order");
        var rows = Page.Locator("tr[data-index]");
        await Expect(rows.First).ToBeVisibleAsync();

        // Open an entry by the keyboard.
        await Page.Keyboard.PressAsync("j");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator(".pane h2")).ToContainTextAsync("history.snapshot");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "State after" })).ToContainTextAsync("kind: ManagedService");

        // Verify it.
        await Expect(Page.Locator(".proof svg")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await Expect(Page.Locator(".verdict")).ToContainTextAsync("The entry is as it was recorded");

        // Export what the search found.
        await GoToAsync("/exports?from=2026-01-01");
        await Expect(Page.Locator(".form [role=status]")).ToContainTextAsync("It would hold");
        await Page.GetByLabel("What for").FillAsync("browser test");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Export", Exact = true }).ClickAsync();
        var export = Page.Locator("article.item").First;
        await Expect(export.Locator(".look")).ToContainTextAsync("Done");
        await Expect(export).ToContainTextAsync("dabbawala-verify");

        // Download: what arrives is what the page says.
        var digest = await export.Locator("dd code").First.TextContentAsync();
        var download = await Page.RunAndWaitForDownloadAsync(() => export.Locator("a.download").ClickAsync());
        await using var file = File.OpenRead(await download.PathAsync());
        Assert.Equal(digest, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task The_past_of_a_service_is_shown_at_any_instant()
    {
        await GoToAsync("/history?namespace=shop&service=order");
        await Expect(Page.Locator(".changes li").First).ToBeVisibleAsync();

        await Page.Locator(".changes .what > a").First.ClickAsync();

        await Expect(Page.Locator(".then-pane .code")).ToContainTextAsync("name: order");
        Assert.Contains("at=", Page.Url, StringComparison.Ordinal);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Between the ends" }).ClickAsync();
        await Expect(Page.Locator(".then-pane .diff")).ToBeVisibleAsync();
    }
}

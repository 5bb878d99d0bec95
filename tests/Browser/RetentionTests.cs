using System.Net.Http.Headers;
using Browser.Hosting;
using Microsoft.Playwright;

namespace Browser;

public sealed class RetentionTests(ConsoleFixture console) : BrowserTest(console)
{
    [Fact]
    public async Task A_hold_is_placed_from_the_keyboard_found_by_its_address_and_its_release_waits_for_a_second_person()
    {
        var reference = $"case {Guid.NewGuid():N}"[..13];
        await GoToAsync("/retention?tab=holds");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Place a hold …" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Place a legal hold" });
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Place a hold", Exact = true })).ToBeDisabledAsync();
        await dialog.GetByLabel("Case or file number").FillAsync(reference);
        await dialog.GetByLabel("Namespace").FillAsync("shop");
        await dialog.GetByLabel("Service").FillAsync("order");
        await dialog.GetByLabel("Why?").FillAsync("a proceeding before the commission");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Place a hold", Exact = true }).ClickAsync();
        await Expect(Page.GetByText($"The hold {reference} stands.")).ToBeVisibleAsync();

        // The search is in the address: whoever opens it sees the same.
        await Page.GetByLabel("Filter holds").FillAsync(reference);
        await Page.WaitForURLAsync("**q=case*");
        await Page.ReloadAsync();
        var row = Page.Locator("tbody tr").Filter(new() { HasText = reference });
        await Expect(row).ToContainTextAsync("namespace shop, service order");
        await Expect(row).ToContainTextAsync("Stands");

        await row.GetByRole(AriaRole.Button, new() { Name = "Release …" }).ClickAsync();
        var release = Page.GetByRole(AriaRole.Dialog, new() { Name = $"Release the hold {reference}?" });
        await release.GetByLabel("Why?").FillAsync("the case is closed");
        await release.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "See the request" })).ToBeVisibleAsync();
        await Expect(row).ToContainTextAsync("Stands");

        // The entry of the hold is in the log, under the id of who placed it and with the name of that person.
        await row.GetByRole(AriaRole.Link, new() { Name = reference }).ClickAsync();
        await Expect(Page.Locator(".pane h2")).ToContainTextAsync("retention.hold");
    }

    [Fact]
    public async Task What_a_person_is_known_by_is_looked_for_and_stays_out_of_the_address()
    {
        await AppendAsync("""{"id":"%ID%","source":"shop/order","occurredAt":"2026-01-02T03:04:05Z","actor":{"kind":"person","id":"c-4711"},"action":"orders.place","personalData":[{"subject":"c-4711","field":"customer.email","value":"meera@example.org"}]}""");
        await GoToAsync("/retention?tab=erasures");

        await Page.GetByLabel("Known by").FillAsync("Meera@Example.org");
        await Page.GetByLabel("Number of the request").FillAsync("DPR-2026-017");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();

        var found = Page.Locator(".found > li").Filter(new() { HasText = "c-4711" });
        await Expect(found).ToContainTextAsync("certin-logs wants them kept");
        Assert.DoesNotContain("eera", Page.Url, StringComparison.Ordinal);
        await Expect(Page.GetByLabel("Known by")).ToHaveValueAsync("");
    }

    private async Task AppendAsync(string line)
    {
        using var http = new HttpClient { BaseAddress = Console.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Console.AdminToken);
        using var body = new StringContent(line.Replace("%ID%", Guid.CreateVersion7().ToString(), StringComparison.Ordinal));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var answer = await http.PostAsync(new Uri("/api/v1/audit/events", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

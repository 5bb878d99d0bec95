using Browser.Hosting;
using Microsoft.Playwright;

namespace Browser;

public sealed class KeyboardTests(ConsoleFixture console) : BrowserTest(console)
{
    /// <summary>More than there are in front of any page's content.</summary>
    private const int MostStops = 30;

    [Fact]
    public async Task From_the_fleet_to_a_service_and_on_without_a_mouse()
    {
        await GoToAsync("/");
        await Expect(Row("shop/order")).ToBeVisibleAsync();

        await PressAsync("/");
        await Page.Keyboard.TypeAsync("order");
        await Expect(Page.Locator("tr[data-key]")).ToHaveCountAsync(1);
        await PressAsync("Tab"); // out of the field, where letters are text
        await PressAsync("j");
        await Expect(Row("shop/order")).ToHaveAttributeAsync("aria-selected", "true");
        await PressAsync("Enter");
        await Expect(Heading).ToHaveTextAsync("Orders");

        await PressAsync("Control+k");
        await Page.Keyboard.TypeAsync("payment");
        await Expect(Page.Locator("dialog [role=option]")).ToHaveCountAsync(1);
        await PressAsync("Enter");
        await Expect(Heading).ToHaveTextAsync("Payments");

        await PressAsync("g", "a");
        await Expect(Heading).ToHaveTextAsync("Activity");
        await PressAsync("?");
        await Expect(Page.GetByRole(AriaRole.Dialog, new() { Name = "Help", Exact = true })).ToBeVisibleAsync();
        await PressAsync("Escape");
        await Expect(Page.GetByRole(AriaRole.Dialog, new() { Name = "Help", Exact = true })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Before_all_else_there_is_a_way_past_the_navigation()
    {
        await GoToAsync("/activity");
        var skip = Page.Locator("a.skip");
        for (var stop = 0; stop < MostStops && !await skip.EvaluateAsync<bool>("link => link === document.activeElement"); stop++)
        {
            await PressAsync("Shift+Tab");
        }

        await Expect(skip).ToBeFocusedAsync();
        await PressAsync("Enter");

        await Expect(Page.Locator("main")).ToBeFocusedAsync();
    }

    private ILocator Heading => Page.Locator("h1");

    private async Task PressAsync(params IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            await Page.Keyboard.PressAsync(key);
        }
    }
}

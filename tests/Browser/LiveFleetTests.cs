using Browser.Hosting;
using Microsoft.Playwright;

namespace Browser;

public sealed class LiveFleetTests(ConsoleFixture console) : BrowserTest(console)
{
    [Fact]
    public async Task A_service_that_kubectl_declares_appears_and_goes_without_a_reload()
    {
        await GoToAsync("/");
        await Page.EvaluateAsync("window.sameDocument = true");
        await Expect(Row("shop/order")).ToBeVisibleAsync();

        await Console.Kubectl.ApplyAsync(Manifests.Service("gift-cards"));
        await Expect(Row("shop/gift-cards")).ToContainTextAsync("growth");
        await Console.Kubectl.RunAsync(["delete", "msvc", "gift-cards", "-n", "shop", "--wait=false"]);
        await Expect(Row("shop/gift-cards")).ToHaveCountAsync(0);

        Assert.True(await Page.EvaluateAsync<bool>("window.sameDocument === true"));
    }

    [Fact]
    public async Task A_hand_edit_is_put_back_and_activity_says_who_changed_which_field()
    {
        await Console.Kubectl.ApplyAsync(Manifests.Service("wishlist"));
        await GoToAsync("/services/shop/wishlist?tab=objects&object=Deployment/wishlist&view=live");
        await Expect(Page.GetByText("terminationGracePeriodSeconds")).ToBeVisibleAsync();
        await GoToAsync("/activity?namespace=shop&service=wishlist&kind=change");
        await Expect(Page.GetByText("Created").First).ToBeVisibleAsync();

        await Console.Kubectl.RunAsync(
            ["patch", "deployment", "wishlist", "-n", "shop", "--field-manager=night-shift", "--type=merge", "-p", """{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":7}}}}"""]);

        var entry = Page.GetByText("terminationGracePeriodSeconds");
        await Expect(entry.First).ToContainTextAsync("night-shift");
        var seconds = await Console.Kubectl.RunAsync(["get", "deployment", "wishlist", "-n", "shop", "-o", "jsonpath={.spec.template.spec.terminationGracePeriodSeconds}"]);
        Assert.NotEqual("7", seconds);

        await GoToAsync("/?drifted=true");
        await Expect(Row("shop/wishlist").Locator("td.repairs")).ToContainTextAsync("1");
    }

    [Fact]
    public async Task A_filter_is_in_the_address_and_comes_back_with_it()
    {
        await GoToAsync("/");
        await Page.GetByLabel("Filter services").FillAsync("payment");
        await Expect(Page.Locator("tr[data-key]")).ToHaveCountAsync(1);
        Assert.EndsWith("/?q=payment", Page.Url, StringComparison.Ordinal);

        await Page.ReloadAsync();

        await Expect(Page.GetByLabel("Filter services")).ToHaveValueAsync("payment");
        await Expect(Page.Locator("tr[data-key]")).ToHaveCountAsync(1);
    }
}

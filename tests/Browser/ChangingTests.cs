using Browser.Hosting;
using Microsoft.Playwright;

namespace Browser;

/// <summary>What people change in the console: each step shows what it will do before it does it.</summary>
public sealed class ChangingTests(ConsoleFixture console) : BrowserTest(console)
{
    [Fact]
    public async Task A_pasted_manifest_is_previewed_and_then_applied()
    {
        await GoToAsync("/preview");
        await Page.GetByLabel("Manifests as YAML or JSON").FillAsync(Manifests.Service("coupons"));
        await Page.Keyboard.PressAsync("Control+Enter");
        await Expect(Page.GetByText("The cluster would accept this")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Deployment shop/coupons", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(await Console.Kubectl.RunAsync(["get", "msvc", "coupons", "-n", "shop", "--ignore-not-found", "-o", "name"]));

        await ButtonAsync("Apply …");
        await ButtonAsync("Apply");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Applied" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "shop/coupons" }).ClickAsync();
        await Expect(Page.Locator("h1")).ToHaveTextAsync("coupons");
    }

    [Fact]
    public async Task A_misspelt_field_is_named_with_its_line()
    {
        await GoToAsync("/preview");
        await Page.GetByLabel("Manifests as YAML or JSON").FillAsync(Manifests.Service("typo").Replace("image:", "imagge:", StringComparison.Ordinal));
        await Page.Keyboard.PressAsync("Control+Enter");

        await Expect(Page.GetByText("spec.workload.imagge").First).ToBeVisibleAsync();
        await Expect(Page.GetByText("pasted.yaml:10")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Apply …" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_text_that_is_longer_than_a_message_may_be_arrives_whole()
    {
        await GoToAsync("/preview");
        var many = string.Join("\n---\n", Enumerable.Range(1, 60).Select(i => $"kind: Thing\napiVersion: example.com/v1\nmetadata:\n  name: thing-{i}\n# {new string('x', 2000)}"));
        await Page.GetByLabel("Manifests as YAML or JSON").FillAsync(many);
        await Page.Keyboard.PressAsync("Control+Enter");

        await Expect(Page.GetByText("60 refused")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_runs_in_a_namespace_is_adopted_once_its_owner_is_named()
    {
        await Console.Kubectl.ApplyAsync(Manifests.Unmanaged("cart", ns: "legacy"));
        await GoToAsync("/onboarding");
        await Page.GetByLabel("Namespace").FillAsync("legacy");
        await ButtonAsync("Look");
        await Expect(Page.GetByText("Name the team that owns cart.")).ToBeVisibleAsync();

        await Page.GetByLabel("Owning team").FillAsync("growth");
        await Page.Keyboard.PressAsync("Tab");
        await ButtonAsync("Preview the adoption");
        await ButtonAsync("Adopt …");
        await ButtonAsync("Adopt");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Applied" })).ToBeVisibleAsync();
        var declared = await Console.Kubectl.RunAsync(["get", "msvc", "cart", "-n", "legacy", "-o", "jsonpath={.spec.owner.team} {.spec.workloadRef.name}"]);
        Assert.Equal("growth cart", declared);
    }

    [Fact]
    public async Task A_policy_is_filled_in_previewed_and_written_as_kubectl_would()
    {
        await GoToAsync("/policies/new?kind=RateLimitPolicy&namespace=shop&service=kyc");
        await Page.GetByLabel("name required").Last.FillAsync("proofs");
        await Page.GetByLabel("requests required").FillAsync("0");
        await ButtonAsync("Preview");
        await Expect(Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "greater than or equal to 1" }).First).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Apply …" })).ToHaveCountAsync(0);

        await Page.GetByLabel("requests required").FillAsync("600");
        await ButtonAsync("Preview");
        await ButtonAsync("Apply …");
        await Page.GetByLabel("Why?").FillAsync("trial of the form");
        await ButtonAsync("Apply");
        await Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "is written" })).ToBeVisibleAsync();

        var written = await Console.Kubectl.RunAsync(["get", "rlpol", "kyc", "-n", "shop", "-o", "jsonpath={.spec.targetRefs[0].name} {.spec.limits[0].name} {.spec.limits[0].requests}"]);
        Assert.Equal("kyc proofs 600", written);
    }

    private Task ButtonAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}

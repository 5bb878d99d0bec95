using Browser.Hosting;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Browser;

public sealed class AccessibilityTests(ConsoleFixture console) : BrowserTest(console)
{
    private static readonly string[] Pages =
    [
        "/",
        "/?q=nothing-like-it",
        "/services/shop/order",
        "/services/shop/order?tab=instances",
        "/services/shop/order?tab=dependencies",
        "/services/shop/order?tab=objects&object=Deployment/order",
        "/services/shop/order?tab=policy",
        "/services/shop/order?tab=callers",
        "/services/shop/order?tab=events",
        "/services/shop/order?tab=manifest",
        "/services/shop/nobody",
        "/rollouts",
        "/rollouts/shop/order",
        "/incidents",
        "/traffic",
        "/traffic?window=9m",
        "/policies",
        "/policies/new?kind=TrafficPolicy&namespace=shop",
        "/policies/new?kind=RateLimitPolicy&namespace=shop&service=order",
        "/policies/circuitpolicies/shop/order",
        "/circuits",
        "/limits",
        "/activity",
        "/preview",
        "/audit",
        "/audit?q=history.snapshot&entry=1",
        "/audit?q=colour:red",
        "/exports?from=2026-01-01",
        "/retention",
        "/retention?tab=holds",
        "/retention?tab=holds&state=released&q=nothing-like-it",
        "/retention?tab=erasures",
        "/approvals",
        "/history",
        "/history?namespace=shop&service=order",
        "/history?at=2020-01-01",
        "/onboarding?namespace=shop",
        "/access",
        "/access?user=new",
        "/access?tab=tokens",
        "/access?tab=sessions",
        "/access?tab=blocked",
        "/account",
    ];

    private static readonly AxeRunOptions All = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        ResultTypes = [ResultType.Violations],
    };

    private static readonly AxeRunOptions Contrast = Only("color-contrast");

    /// <summary>What a narrow layout can break: it hides labels, and brings things together.</summary>
    private static readonly AxeRunOptions Layout = Only("target-size", "scrollable-region-focusable", "button-name", "link-name", "label", "select-name", "aria-hidden-focus");

    /// <summary>Everything on a wide screen. What a scheme or a width can't change is not looked at again: axe takes a second for each page.</summary>
    [Fact]
    public Task Every_page_is_clean() => LookAtAllAsync(ColorScheme.Light, width: 1600, All);

    [Fact]
    public Task Every_page_is_legible_in_the_dark() => LookAtAllAsync(ColorScheme.Dark, width: 1100, Contrast);

    [Fact]
    public Task Every_page_fits_a_telephone() => LookAtAllAsync(ColorScheme.Light, width: 390, Layout);

    private static AxeRunOptions Only(params IEnumerable<string> rules) =>
        new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = [.. rules] }, ResultTypes = [ResultType.Violations] };

    private async Task LookAtAllAsync(ColorScheme scheme, int width, AxeRunOptions rules)
    {
        await OpenAsync(scheme, width);
        var found = new List<string>();
        foreach (var address in Pages)
        {
            await GoToAsync(address);
            await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
            var result = await Page.RunAxe(rules);
            found.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{address}: {violation.Id} ({violation.Help}): {node.Html}")));
            if (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var beyond)
            {
                found.Add($"{address}: is {beyond} px too wide");
            }

            if (await Page.Locator("h1").CountAsync() is not 1 and var headings)
            {
                found.Add($"{address}: has {headings} first headings");
            }
        }

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }
}

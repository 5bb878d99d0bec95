using Bunit;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Fleet;
using ControlPlane.Web.Formatting;
using ControlPlane.Web.Tests.Testing;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Tests.Fleet;

public sealed class FleetPageTests : ConsoleTest
{
    [Fact]
    public void While_the_caches_are_being_filled_it_says_that_it_reads()
    {
        var page = Console.Render<FleetPage>();

        Assert.Equal("Reading the fleet from the cluster", page.Find(".skeleton").GetAttribute("aria-label"));
    }

    [Fact]
    public void Every_service_has_a_row_with_its_health_in_words()
    {
        var page = Show(Samples.Service("order").Ready(), Samples.Service("payment").Broken());

        page.WaitForAssertion(() => Assert.Equal(2, Rows(page).Count));
        Assert.Contains("Healthy", Row(page, "order"), StringComparison.Ordinal);
        Assert.Contains("Degraded", Row(page, "payment"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_filters()
    {
        Console.GoTo("/?health=degraded");

        var page = Show(Samples.Service("order").Ready(), Samples.Service("payment").Broken());

        page.WaitForAssertion(() => Assert.Contains("payment", Assert.Single(Rows(page)), StringComparison.Ordinal));
        Assert.Contains("1 of 2 services", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_the_cluster_shows_without_a_reload_and_is_marked()
    {
        var page = Show(Samples.Service("order").Ready());

        Console.Show(Samples.Service("order").Broken());

        page.WaitForAssertion(() => Assert.Contains("Degraded", Row(page, "order"), StringComparison.Ordinal));
        Assert.Contains("changed", page.Find("tr[data-key]").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_is_declared_later_appears()
    {
        var page = Show(Samples.Service("order"));

        Console.Show(Samples.Service("coupons"));

        page.WaitForAssertion(() => Assert.Equal(2, Rows(page).Count));
    }

    [Fact]
    public void Filters_that_nothing_matches_say_so_and_can_be_cleared()
    {
        Console.GoTo("/?q=nothing-like-it");

        var page = Show(Samples.Service("order"));

        Assert.Contains("No service matches", page.Markup, StringComparison.Ordinal);
        Assert.Contains(page.FindAll("a"), link => link.TextContent == "Clear filters" && link.GetAttribute("href") == "/");
    }

    [Fact]
    public void An_address_that_can_not_be_understood_is_explained_with_a_way_out()
    {
        Console.GoTo("/?health=fine");

        var page = Show(Samples.Service("order"));

        Assert.Contains("'fine' is none of", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == "/");
    }

    [Fact]
    public void Arrow_and_Enter_open_a_service()
    {
        var page = Show(Samples.Service("inventory"), Samples.Service("order"));
        page.WaitForAssertion(() => Assert.Equal(2, Rows(page).Count));

        Press(page, "ArrowDown");
        Press(page, "ArrowDown");
        Assert.Equal(page.Find("tr[aria-selected=true]").Id, page.Find("table").GetAttribute("aria-activedescendant"));
        Press(page, "Enter");

        Assert.Equal("/services/shop/order", Console.Address);
    }

    [Fact]
    public void The_marked_row_stays_marked_when_others_come_before_it()
    {
        var page = Show(Samples.Service("order"));
        page.WaitForAssertion(() => Assert.Single(Rows(page)));
        Press(page, "ArrowDown");

        Console.Show(Samples.Service("aaa"));

        page.WaitForAssertion(() => Assert.Equal(2, Rows(page).Count));
        Assert.Equal("shop/order", page.Find("tr[aria-selected=true]").GetAttribute("data-key"));
    }

    private IRenderedComponent<FleetPage> Show(params IEnumerable<ManagedService> services)
    {
        // The page's query follows the caches from when it is made.
        var page = Console.Render<FleetPage>();
        var count = 0;
        foreach (var service in services)
        {
            Console.Show(service);
            count++;
        }

        page.WaitForState(() => page.Find(".head").TextContent.Contains(IndianNumber.Of(count, "service"), StringComparison.Ordinal));
        return page;
    }

    private static IReadOnlyList<string> Rows(IRenderedComponent<FleetPage> page) => [.. page.FindAll("tr[data-key]").Select(row => row.TextContent)];

    private static string Row(IRenderedComponent<FleetPage> page, string name) => page.Find($"tr[data-key='shop/{name}']").TextContent;

    private static void Press(IRenderedComponent<FleetPage> page, string key) => page.Find("table").KeyDown(new KeyboardEventArgs { Key = key });
}

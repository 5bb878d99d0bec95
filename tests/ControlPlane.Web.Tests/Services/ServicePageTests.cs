using Bunit;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Services;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Services;

public sealed class ServicePageTests : ConsoleTest
{
    [Fact]
    public void It_says_in_plain_words_how_the_service_is()
    {
        var page = Open(Samples.Service("order").Broken());

        Assert.Equal("order", page.Find("h1").TextContent);
        Assert.Contains("0 of 2 instances serve.", page.Find(".message").TextContent, StringComparison.Ordinal);
        Assert.Contains("Degraded", page.Find(".title").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_is_deleted_meanwhile_stays_as_it_was_last_known()
    {
        var service = Samples.Service("order").Ready();
        var page = Open(service);

        Console.Withdraw(service);

        page.WaitForAssertion(() => Assert.Contains("was deleted at 12:00", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal("order", page.Find("h1").TextContent);
    }

    [Fact]
    public void Each_part_has_an_address_and_the_one_shown_is_marked()
    {
        Console.GoTo("/services/shop/order?tab=events");

        var page = Open(Samples.Service("order"));

        Assert.Equal("Events", page.Find(".tabs [aria-current=page]").TextContent);
        Assert.Contains(page.FindAll(".tabs a"), link => link.GetAttribute("href") == "/services/shop/order?tab=objects");
        Assert.Contains("No event", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_there_is_not_leads_to_the_first()
    {
        Console.GoTo("/services/shop/order?tab=secrets");

        Assert.Equal("Overview", Open(Samples.Service("order")).Find(".tabs [aria-current=page]").TextContent);
    }

    [Theory]
    [InlineData(null, "/services/shop/order")]
    [InlineData("overview", "/services/shop/order")]
    [InlineData("objects", "/services/shop/order?tab=objects")]
    public void The_first_part_has_the_bare_address(string? tab, string expected) =>
        Assert.Equal(expected, ServiceUrl.Of(new ObjectKey("shop", "order"), tab));

    private IRenderedComponent<ServicePage> Open(ManagedService service)
    {
        var page = Console.Render<ServicePage>(parameters => parameters.Add(p => p.Namespace, "shop").Add(p => p.Name, service.Metadata.Name));
        Console.Show(service);
        page.WaitForState(() => page.FindAll(".title").Count > 0);
        return page;
    }
}

using Bunit;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Web.Services;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Traffic;

public sealed class CallersPanelTests : ConsoleTest
{
    [Fact]
    public void It_shows_who_may_call_and_follows_the_policies()
    {
        Console.GoTo("/services/shop/payment?tab=callers");
        Console.Show(Samples.Service("payment"));
        Console.Show(Calling("payment"));
        var page = Console.Render<ServicePage>(parameters => parameters.Add(p => p.Namespace, "shop").Add(p => p.Name, "payment"));
        page.WaitForAssertion(() => Assert.Equal(["Yes", "shop/order", "all", "It depends on the service."], Cells(page)));

        Console.Show(new TrafficPolicy
        {
            Metadata = new() { Name = "payment", Namespace = "shop" },
            Spec = new()
            {
                TargetRefs = [new() { Kind = PolicyTargetKind.ManagedService, Name = "payment" }],
                Access = new() { Dependents = false, Allow = [new() { From = [new() { Service = "order" }], Methods = ["GET"], Paths = ["/payments/*"] }] },
            },
        });

        page.WaitForAssertion(() => Assert.Equal(
            ["Yes", "shop/order", "GET /payments/*", "It depends on the service; the policy lets it in for this alone."], Cells(page)));
    }

    [Fact]
    public void A_service_that_ceases_to_depend_on_it_leaves_the_page()
    {
        Console.GoTo("/services/shop/payment?tab=callers");
        Console.Show(Samples.Service("payment"));
        Console.Show(Calling("payment"));
        var page = Console.Render<ServicePage>(parameters => parameters.Add(p => p.Namespace, "shop").Add(p => p.Name, "payment"));
        page.WaitForAssertion(() => Assert.NotEmpty(Cells(page)));

        Console.Show(Calling());

        page.WaitForAssertion(() => Assert.Empty(Cells(page)));
    }

    private static ManagedService Calling(params IEnumerable<string> services)
    {
        var order = Samples.Service("order");
        return order with { Spec = order.Spec with { DependsOn = [.. services.Select(static name => new ServiceDependency { Name = name })] } };
    }

    private static IEnumerable<string> Cells(IRenderedComponent<ServicePage> page) =>
        page.FindAll("section[aria-label='Who may call'] tbody tr > *").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}

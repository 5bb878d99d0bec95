using Bunit;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Web.Services;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Traffic;

public sealed class PolicyPanelTests : ConsoleTest
{
    [Fact]
    public void It_shows_each_value_with_its_source_and_what_lost_and_follows_the_policies()
    {
        Console.GoTo("/services/shop/order?tab=policy");
        Console.Show(Samples.Service("order"));
        var page = Console.Render<ServicePage>(parameters => parameters.Add(p => p.Namespace, "shop").Add(p => p.Name, "order"));
        page.WaitForAssertion(() => Assert.Contains("No policy reaches it", page.Markup, StringComparison.Ordinal));

        Console.Show(new TrafficPolicy { Metadata = new() { Name = "defaults", Namespace = "shop" }, Spec = new() { TargetRefs = [new() { Group = "", Kind = PolicyTargetKind.Namespace, Name = "shop" }], Timeouts = new() { Request = "30s" } } });
        Console.Show(new TrafficPolicy { Metadata = new() { Name = "order", Namespace = "shop" }, Spec = new() { TargetRefs = [new() { Kind = PolicyTargetKind.ManagedService, Name = "order" }], Timeouts = new() { Request = "10s" } } });

        page.WaitForAssertion(() =>
        {
            var cells = page.FindAll("tbody tr > *").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
            Assert.Equal(["timeouts.request", "10s", "order for this service", "defaults for the namespace30s"], cells);
        });
        Assert.Contains("Nothing of it does", page.Markup, StringComparison.Ordinal); // no cluster, so no data plane
    }
}

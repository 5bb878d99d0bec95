using Bunit;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Web.Tests.Testing;
using ControlPlane.Web.Traffic;

namespace ControlPlane.Web.Tests.Traffic;

public sealed class LimitsPageTests : ConsoleTest
{
    public LimitsPageTests()
    {
        Console.Show(Samples.Service("order"));
        Console.Show(new RateLimitPolicy
        {
            Metadata = new() { Name = "limits", Namespace = "shop" },
            Spec = new()
            {
                TargetRefs = [new() { Kind = PolicyTargetKind.ManagedService, Name = "order" }],
                Limits = [new() { Name = "all", Requests = 100 }, new() { Name = "idle", Requests = 5 }, new() { Name = "login", Requests = 5, Per = LimitWindow.Minute, By = new() { Type = LimitKeyType.Header, Name = "user-id" } }],
            },
        });
        Console.Gateway.Limits = [Limit("all", 40, 0), Limit("login", 5, 1)];
    }

    [Fact]
    public void The_address_says_which_limits_are_shown_and_in_which_order()
    {
        Assert.Equal(["login", "all", "idle"], Open("/limits"));
        Assert.Equal(["all", "idle", "login"], Open("/limits?sort=name"));
        Assert.Equal(["login"], Open("/limits?state=refusing"));
        Assert.Empty(Open("/limits?service=cart"));
    }

    [Fact]
    public void The_callers_of_a_limit_are_shown_under_its_address_masked()
    {
        Console.GoTo("/limits?open=shop/order/login");
        var page = Console.Render<LimitsPage>();

        Assert.Equal("#0badcafe", page.Find(".callers tbody th").TextContent);
        Assert.Contains("5 a minute for each user-id", page.Markup, StringComparison.Ordinal);
        Assert.Equal("/limits", page.Find(".callers header a").GetAttribute("href"));
    }

    private IEnumerable<string> Open(string address)
    {
        Console.GoTo(address);
        return [.. Console.Render<LimitsPage>().FindAll("tbody th").Select(cell => cell.TextContent)];
    }

    private static LimitReport Limit(string name, int used, int limited) => new()
    {
        Namespace = "shop",
        Service = "order",
        Name = name,
        Policy = "shop/limits",
        Requests = 5,
        WindowSeconds = 60,
        By = LimitKeyType.Header,
        Callers = 1,
        Limited = limited,
        Busiest = [new("#0badcafe", used, name == "all" ? 100 : 5, 2, TestGateway.Now)],
    };
}

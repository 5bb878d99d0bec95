using Bunit;
using ControlPlane.Api.Access;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Web.Tests.Testing;
using ControlPlane.Web.Traffic;

namespace ControlPlane.Web.Tests.Traffic;

public sealed class CircuitsPageTests : ConsoleTest
{
    public CircuitsPageTests()
    {
        foreach (var name in new[] { "cart", "order", "payment" })
        {
            Console.Show(Samples.Service(name, team: $"{name}s"));
        }

        Console.Show(new CircuitPolicy { Metadata = new() { Name = "breaker", Namespace = "shop" }, Spec = new() { TargetRefs = [new() { Group = "", Kind = PolicyTargetKind.Namespace, Name = "shop" }], ConsecutiveErrors = 3 } });
        Console.Gateway.Circuits = [Circuit("order", CircuitState.Closed), Circuit("payment", CircuitState.Open)];
    }

    [Fact]
    public void The_address_says_which_circuits_are_shown_and_in_which_order()
    {
        Assert.Equal(["payment", "order", "cart"], Open("/circuits"));
        Assert.Equal(["cart", "order", "payment"], Open("/circuits?sort=service"));
        Assert.Equal(["cart"], Open("/circuits?state=unseen"));
        Assert.Equal(["order"], Open("/circuits?team=orders"));
        Assert.Equal(["payment"], Open("/circuits?q=shop+pay"));
        Assert.Empty(Open("/circuits?namespace=bank"));
    }

    [Fact]
    public void A_gateway_that_does_not_answer_is_named()
    {
        Console.Gateway.Problem = "it can't be reached";
        Console.GoTo("/circuits");

        Assert.Contains("Gateway test: it can't be reached", Console.Render<CircuitsPage>().Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_gateway_can_not_do_now_is_told_to_who_may_see_the_service()
    {
        Console.Gateway.Shortfalls = [new("shop", "order", "spec.counter: each gateway counts by itself: Redis does not answer")];
        Console.GoTo("/circuits");
        Assert.Contains("shop/order at gateway test: spec.counter", Console.Render<CircuitsPage>().Markup, StringComparison.Ordinal);

        Console.Become(new RoleGrant(Role.Viewer) { Team = "carts" });
        Assert.DoesNotContain("Redis", Console.Render<CircuitsPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_circuit_of_a_service_has_its_history_as_a_picture_and_as_words_the_newest_first()
    {
        var page = Show("payment");

        Assert.Equal("In the last hour it let nothing through 1 time, for 10 min in all", page.Find("svg.strip").GetAttribute("aria-label"));
        Assert.Equal(["Closed", "Open", "3 errors in a row"], page.FindAll("tbody td").Skip(1).Select(cell => cell.TextContent.Trim()));
    }

    [Fact]
    public void Only_who_may_force_a_circuit_is_offered_it()
    {
        Assert.Contains("Force", Show("payment").Markup, StringComparison.Ordinal);

        Console.SignIn(Role.Viewer);

        Assert.DoesNotContain("Force", Show("payment").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_without_a_circuit_says_so() => Assert.Contains("It has no circuit", Show("nobody").Markup, StringComparison.Ordinal);

    private IEnumerable<string> Open(string address)
    {
        Console.GoTo(address);
        return [.. Console.Render<CircuitsPage>().FindAll("tbody th").Select(cell => cell.TextContent)];
    }

    private IRenderedComponent<CircuitPage> Show(string service) => Console.Render<CircuitPage>(page => page.Add(it => it.Namespace, "shop").Add(it => it.Name, service));

    private static CircuitReport Circuit(string service, CircuitState state) => new()
    {
        Namespace = "shop",
        Service = service,
        Policy = "shop/breaker",
        State = state,
        Since = TestGateway.Now.AddMinutes(-10),
        History = state == CircuitState.Closed ? [] : [new(TestGateway.Now.AddMinutes(-10), CircuitState.Closed, state, "3 errors in a row")],
    };
}

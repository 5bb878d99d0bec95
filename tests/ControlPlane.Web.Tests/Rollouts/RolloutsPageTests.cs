using Bunit;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Web.Rollouts;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Rollouts;

public sealed class RolloutsPageTests : ConsoleTest
{
    public RolloutsPageTests()
    {
        Declare("cart", Rollout.OnItsWay());
        Declare("order", Rollout.OnItsWay(2, RolloutPhase.Paused));
        Declare("payment", Rollout.Failed());
        Declare("user", Rollout.OnItsWay(2, RolloutPhase.Paused).With(static status => status with { Holds = [new() { Type = "Incident", Message = "INC-7 is open" }] }));
    }

    [Fact]
    public void The_address_says_which_rollouts_are_shown_and_in_which_order()
    {
        Assert.Equal(["payment", "order", "user", "cart"], Open("/rollouts"));
        Assert.Equal(["cart", "order", "payment", "user"], Open("/rollouts?sort=name"));
        Assert.Equal(["order", "user"], Open("/rollouts?phase=paused"));
        Assert.Equal(["user"], Open("/rollouts?hold=Incident"));
        Assert.Equal(["cart"], Open("/rollouts?service=cart"));
        Assert.Empty(Open("/rollouts?namespace=bank"));
    }

    [Fact]
    public void A_row_says_how_it_stands_what_is_set_and_what_is_seen_and_what_holds_it()
    {
        Console.GoTo("/rollouts?service=user");
        var row = Console.Render<RolloutsPage>().Find("tbody tr").TextContent;

        Assert.Contains("Held", row, StringComparison.Ordinal);
        Assert.Contains("20 % set, 19.9 % seen", row, StringComparison.Ordinal);
        Assert.Contains("3/4", row, StringComparison.Ordinal);
        Assert.Contains("Incident: INC-7 is open", row, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_that_changes_is_shown_as_it_is()
    {
        Console.GoTo("/rollouts?service=cart");
        var page = Console.Render<RolloutsPage>();

        Declare("cart", Rollout.Failed());

        page.WaitForAssertion(() => Assert.Contains("Rolled back", page.Find("tbody tr").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void An_address_that_asks_for_what_there_is_not_says_so()
    {
        Console.GoTo("/rollouts?held=maybe");

        Assert.Contains("'maybe' is neither true nor false", Console.Render<RolloutsPage>().Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private void Declare(string name, CanaryRollout rollout) => Console.Show(rollout.Declaring(spec => spec with { Members = [new() { Service = name }] }) with
    {
        Metadata = new() { Name = name, Namespace = "shop", Uid = $"uid-{name}" },
    });

    private IEnumerable<string> Open(string address)
    {
        Console.GoTo(address);
        return [.. Console.Render<RolloutsPage>().FindAll("tbody th a").Select(static cell => cell.TextContent)];
    }
}

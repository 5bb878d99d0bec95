using Bunit;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Web.Tests.Testing;
using ControlPlane.Web.Traffic;

namespace ControlPlane.Web.Tests.Traffic;

public sealed class PoliciesPageTests : ConsoleTest
{
    [Fact]
    public void The_address_says_which_policies_are_shown_and_in_which_order()
    {
        Show("b", "shop", "True", "True");
        Show("a", "shop", "False", "False");
        Show("c", "bank", "True", "False");

        Assert.Equal(["c", "a", "b"], Open("/policies"));
        Assert.Equal(["b", "a", "c"], Open("/policies?sort=-namespace"));
        Assert.Equal(["a", "c", "b"], Open("/policies?sort=state"));
        Assert.Equal(["a", "b"], Open("/policies?namespace=shop"));
        Assert.Equal(["c"], Open("/policies?state=notprogrammed"));
        Assert.Equal(["b"], Open("/policies?q=shop+b"));
    }

    [Fact]
    public void A_word_that_no_list_knows_is_told()
    {
        Show("a", "shop", "True", "True");
        Console.GoTo("/policies?state=happy");

        Assert.Contains("'happy' is none of NotAccepted", Console.Render<PoliciesPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_of_an_older_version_of_the_policy_says_nothing_of_this_one()
    {
        Show("a", "shop", "True", "True", generation: 2);
        Console.GoTo("/policies");

        Assert.Contains("the operator has not looked at it yet", Console.Render<PoliciesPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_see_one_namespace_sees_no_policy_of_another()
    {
        Show("a", "shop", "True", "True");
        Show("b", "bank", "True", "True");
        Console.Become(new ControlPlane.Api.Access.RoleGrant(ControlPlane.Api.Access.Role.Viewer) { Namespace = "bank" });

        Assert.Equal(["b"], Open("/policies"));
    }

    private IEnumerable<string> Open(string address)
    {
        Console.GoTo(address);
        return [.. Console.Render<PoliciesPage>().FindAll("tbody th").Select(cell => cell.TextContent)];
    }

    private void Show(string name, string ns, string accepted, string programmed, int generation = 1) => Console.Show(new TrafficPolicy
    {
        Metadata = new() { Name = name, Namespace = ns, Generation = generation },
        Status = new()
        {
            ObservedGeneration = 1,
            Conditions = [Condition(PolicyConditions.Accepted, accepted), Condition(PolicyConditions.Programmed, programmed), Condition(PolicyConditions.Ready, programmed)],
        },
    });

    private static Condition Condition(string type, string status) => new() { Type = type, Status = status, Reason = "Test" };
}

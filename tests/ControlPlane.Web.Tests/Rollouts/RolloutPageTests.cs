using Bunit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Web.Rollouts;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Rollouts;

public sealed class RolloutPageTests : ConsoleTest
{
    public RolloutPageTests() => Console.Show(Samples.Service("order"));

    [Fact]
    public void The_steps_are_a_list_in_which_the_one_of_now_is_marked()
    {
        var page = Show(Rollout.OnItsWay(1, RolloutPhase.Paused));

        Assert.Equal(["20 % of requests", "Check, at most 30m", "Approval", "100 % of requests"], page.FindAll("ol.track .what").Select(static step => step.TextContent));
        Assert.Equal("Check, at most 30m", page.Find("[aria-current=step] .what").TextContent);
    }

    [Fact]
    public void Only_what_would_do_something_is_offered_to_who_may_do_it()
    {
        Assert.Equal("Promote, Promote fully, Roll back, Pause", Offered(Rollout.OnItsWay(1, RolloutPhase.Paused)));
        Assert.Equal("Approve, Promote fully, Roll back, Pause", Offered(Rollout.OnItsWay(2, RolloutPhase.Paused)));
        Assert.Equal("Retry, Pause", Offered(Rollout.Failed()));

        Console.SignIn(Role.OnCall);
        Assert.Equal("Roll back, Pause", Offered(Rollout.OnItsWay(2, RolloutPhase.Paused)));

        Console.SignIn(Role.Viewer);
        Assert.Equal("", Offered(Rollout.OnItsWay(2, RolloutPhase.Paused)));
    }

    [Fact]
    public void What_git_keeps_is_told_instead_of_offered()
    {
        var kept = Rollout.OnItsWay(2, RolloutPhase.Paused);
        kept = kept with { Metadata = kept.Metadata with { Labels = new Dictionary<string, string> { ["kustomize.toolkit.fluxcd.io/name"] = "shop" } } };

        Assert.Equal("Approve, Promote fully, Roll back", Offered(kept));
        Assert.Contains("Pause: commit spec: {paused: true}", Console.Render<RolloutPage>(Of).Find("p.git").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_rollback_it_says_what_users_have_and_what_to_commit()
    {
        var part = Show(Rollout.Failed()).Find("section[aria-label='Declared against what users have']");

        Assert.Contains("The declaration says fleet/order:2.0.0, users have fleet/order:1.0.0", part.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, part.QuerySelectorAll(".copy").Length);
    }

    [Fact]
    public void Its_evidence_is_drawn_told_in_a_sentence_and_listed_in_numbers()
    {
        var chart = Show(Rollout.OnItsWay(1, RolloutPhase.Paused).With(static status => status with
        {
            Evidence = new()
            {
                Revision = "r2",
                Since = Rollout.Now.AddMinutes(-5),
                Verdict = RolloutVerdict.NotEnoughData,
                Message = "too few requests to tell",
                Intervals = [new() { From = 0, To = 30 }, new() { From = 30, To = 60 }],
                Metrics = [new() { Name = "success-rate", Service = "order", Counts = ["3/300 3/100", "3/300 2/100"] }],
            },
        })).Find("section[aria-label=Evidence] figure");

        Assert.StartsWith("Bad requests: stable 1 %, between", chart.QuerySelector(".plot svg")!.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Contains("canary 2.5 %", chart.QuerySelector(".plot svg")!.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal(2, chart.QuerySelectorAll("tbody tr").Length);
    }

    [Fact]
    public void Its_decisions_say_who_and_why()
    {
        Console.SignIn(Role.Viewer); // who is not told names
        var page = Show(Rollout.Failed().With(static status => status with
        {
            Decisions = [new() { At = Rollout.Now, Revision = "r2", Step = 1, Type = "RolledBack", Message = "carts are lost", By = "u_asha" }, .. status.Decisions],
        }));

        Assert.Equal(["Rolled back 2 Carts are lost. u_asha r2", "Started 1 Users have r1. the operator r2"], page.FindAll("section[aria-label=Decisions] tbody tr").Select(static row =>
            string.Join(' ', row.QuerySelectorAll("td").Skip(1).Select(static cell => cell.TextContent.Trim()))));
    }

    [Fact]
    public void A_rollout_that_is_deleted_while_somebody_looks_stays_as_it_was_last_known()
    {
        var page = Show(Rollout.OnItsWay());

        Console.Withdraw(Rollout.OnItsWay());

        page.WaitForAssertion(() => Assert.Contains("This rollout was deleted", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Who_may_not_see_its_services_sees_nothing_of_it()
    {
        Console.Show(Rollout.OnItsWay());
        Console.Become(new RoleGrant(Role.Viewer) { Team = "carts" });

        Assert.DoesNotContain("r2", Console.Render<RolloutPage>(Of).Markup, StringComparison.Ordinal);
    }

    private string Offered(CanaryRollout rollout)
    {
        var page = Show(rollout);
        return string.Join(", ", page.FindAll("[data-opens]").Select(static button => button.TextContent.Replace("…", "", StringComparison.Ordinal).Trim()));
    }

    private IRenderedComponent<RolloutPage> Show(CanaryRollout rollout)
    {
        Console.Show(rollout);
        return Console.Render<RolloutPage>(Of);
    }

    private static void Of(ComponentParameterCollectionBuilder<RolloutPage> page) => page.Add(static it => it.Namespace, "shop").Add(static it => it.Name, "order");
}

using Bunit;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Plans;
using ControlPlane.Web.Manifests;
using ControlPlane.Web.Preview;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Preview;

public sealed class PlanViewTests : ConsoleTest
{
    private static readonly ManifestTexts Texts = new([new ManifestFile("order.yaml", "kind: ManagedService\nspec:\n  ownr: x\n")]);

    [Fact]
    public void A_problem_names_field_and_line_and_shows_the_line()
    {
        var view = Render(Planned(PlannedAction.Refuse) with { Problems = [new ManifestProblem(3, "spec.ownr", "unknown field")] });

        var problem = view.Find(".problem").TextContent;
        Assert.Contains("spec.ownr", problem, StringComparison.Ordinal);
        Assert.Contains("order.yaml:3", problem, StringComparison.Ordinal);
        Assert.Equal("  ownr: x", view.Find(".problem code").TextContent);
    }

    [Fact]
    public void What_a_GitOps_tool_keeps_comes_as_YAML_and_patch()
    {
        var view = Render(Planned(PlannedAction.Update) with { KeptBy = "Flux Kustomization shop", Diff = Diff });

        Assert.Contains("Kept by Flux Kustomization shop", view.Markup, StringComparison.Ordinal);
        Assert.Equal([Diff.After, Diff.Unified], view.FindAll("[data-copy]").Select(button => button.GetAttribute("data-copy")));
    }

    [Fact]
    public void A_difference_is_made_only_when_somebody_opens_it()
    {
        var view = Render(Planned(PlannedAction.Update) with { Diff = Diff });
        Assert.Empty(view.FindAll("table"));

        view.Find("button[aria-expanded]").Click();

        Assert.Equal("3", view.Find("td.after mark").TextContent);
        Assert.Equal("true", view.Find("button[aria-expanded]").GetAttribute("aria-expanded"));
    }

    [Theory]
    [InlineData(PlannedAction.Create, null, null)]
    [InlineData(PlannedAction.Refuse, null, "would refuse a part of it")]
    [InlineData(PlannedAction.Unchanged, null, "there is nothing to apply")]
    [InlineData(PlannedAction.Update, "Argo CD application shop", "is kept by Argo CD application shop")]
    [InlineData(PlannedAction.Unchanged, "Argo CD application shop", "there is nothing to apply")]
    public void It_can_be_applied_only_when_that_would_change_something_and_last(PlannedAction action, string? keptBy, string? hindrance)
    {
        var bar = Console.Render<ApplyBar>(view => view.Add(v => v.Plan, new PlanResult([Planned(action) with { KeptBy = keptBy }], [])));

        Assert.Equal(hindrance is null, bar.FindAll("button").Count > 0);
        Assert.Contains(hindrance ?? "1 created", bar.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_summed_up_in_the_order_that_matters() => Assert.Equal(
        "2 created, 1 deleted, 1 unchanged",
        PlanSummary.Of([PlannedAction.Unchanged, PlannedAction.Create, PlannedAction.Delete, PlannedAction.Create]));

    private static ObjectDiff Diff => ObjectDiff.Of(new() { ["replicas"] = 2 }, new() { ["replicas"] = 3 });

    private static PlannedManifest Planned(PlannedAction action) => new()
    {
        File = "order.yaml",
        Line = 1,
        ApiVersion = "fleet.dabbawala.dev/v1alpha1",
        Kind = "ManagedService",
        Namespace = "shop",
        Name = "order",
        Action = action,
    };

    private IRenderedComponent<PlanView> Render(PlannedManifest manifest) =>
        Console.Render<PlanView>(view => view.Add(v => v.Plan, new PlanResult([manifest], [])).Add(v => v.Texts, Texts));
}

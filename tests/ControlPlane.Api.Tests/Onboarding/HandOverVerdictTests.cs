using ControlPlane.Api.Manifests;
using ControlPlane.Api.Onboarding;
using ControlPlane.Api.Plans;

namespace ControlPlane.Api.Tests.Onboarding;

public sealed class HandOverVerdictTests
{
    private static readonly HandOverPreview Preview = new() { Namespace = "shop", Name = "cart", Workload = "Deployment shop/web", Refusals = [] };

    private static readonly PlannedManifest Declared =
        new() { File = "cart.yaml", Line = 1, ApiVersion = "v1", Kind = "ManagedService", Namespace = "shop", Name = "cart", Action = PlannedAction.Update };

    [Theory]
    [InlineData("metadata.labels.team")]
    [InlineData("spec.replicas")]
    [InlineData("spec.templateGeneration")]
    public void A_change_beside_the_pod_template_is_no_obstacle(string field)
    {
        var preview = On(Declared, Updated("Deployment", "web", field));

        Assert.True(preview.IsPossible);
        Assert.Empty(preview.TemplateChanges);
    }

    [Theory]
    [InlineData("spec.template")]
    [InlineData("spec.template.spec.containers[0].image")]
    public void A_change_of_the_pod_template_is_refused(string field)
    {
        var preview = On(Declared, Updated("Deployment", "web", field));

        Assert.False(preview.IsPossible);
        Assert.Equal(field, Assert.Single(preview.TemplateChanges).Path);
        Assert.Equal(("Deployment", "web", field), Assert.Single(preview.Refusals) is var refusal ? (refusal.Kind, refusal.Name, refusal.Field) : default);
    }

    [Fact]
    public void The_templates_of_other_workloads_do_not_count() => Assert.True(On(Declared, Updated("Deployment", "other", "spec.template")).IsPossible);

    [Fact]
    public void An_object_that_the_API_would_refuse_stands_in_the_way()
    {
        var preview = On(Declared, new PlannedObject("shop/cart", "v1", "Service", "shop", "web", PlannedAction.Refuse, Diff: null, "no address is left"));

        Assert.Equal("no address is left", Assert.Single(preview.Refusals).Message);
    }

    [Fact]
    public void A_declaration_that_is_refused_stands_in_the_way()
    {
        var preview = On(Declared with { Problems = [new ManifestProblem(3, "spec.workload.ports", "is empty")] });

        Assert.Equal(("ManagedService", "spec.workload.ports"), Assert.Single(preview.Refusals) is var refusal ? (refusal.Kind, refusal.Field) : default);
    }

    private static HandOverPreview On(PlannedManifest declared, params PlannedObject[] objects) =>
        HandOverVerdict.On(Preview, new HandOverDeclaration("", [], "", Diff: null, []), new PlanResult([declared], objects));

    private static PlannedObject Updated(string kind, string name, string field) =>
        new("shop/cart", "apps/v1", kind, "shop", name, PlannedAction.Update, new ObjectDiff([new FieldDifference(field, "1", "2")], ""));
}

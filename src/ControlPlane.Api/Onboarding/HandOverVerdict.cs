using ControlPlane.Api.Manifests;
using ControlPlane.Api.Plans;
using ControlPlane.Kubernetes.Resources;
using Operators.Registry.Baseline;

namespace ControlPlane.Api.Onboarding;

/// <summary>Reads from a plan whether a hand-over may go on: nothing is refused, nobody else keeps the declaration, and no pod restarts.</summary>
internal static class HandOverVerdict
{
    /// <summary>A change below this field of a Deployment is a new revision, and restarts every pod.</summary>
    private const string Template = "spec.template";

    /// <summary>The preview with what the plan says.</summary>
    public static HandOverPreview On(HandOverPreview preview, HandOverDeclaration declaration, PlanResult plan)
    {
        var declared = plan.Manifests.Single();
        var workload = plan.Objects.FirstOrDefault(item => $"{item.Kind} {item.Namespace}/{item.Name}" == preview.Workload);
        IReadOnlyList<FieldDifference> templateChanges =
            [.. (workload?.Diff?.Fields ?? []).Where(field => field.Path == Template || field.Path.StartsWith($"{Template}.", StringComparison.Ordinal))];
        List<OnboardingFinding> refusals =
        [
            .. declared.Problems.Select(problem => OfDeclaration(problem.Field, problem.Message)),
            .. plan.Objects.Where(item => item.Problem is not null).Select(item => Of(item, field: "", item.Problem!)),
            .. templateChanges.Select(field => Of(workload!, field.Path, "would change, and every pod restart")),
        ];
        if (declared.KeptBy is { } keeper)
        {
            refusals.Add(OfDeclaration("metadata", $"is kept by {keeper}: commit the new declaration there"));
        }

        return preview with { Declaration = declaration, Objects = plan.Objects, TemplateChanges = templateChanges, Refusals = refusals };

        OnboardingFinding OfDeclaration(string field, string message) =>
            new(ManagedService.ResourceType.Kind, preview.Namespace, preview.Name, field, message, ShortfallSeverity.Error);
    }

    private static OnboardingFinding Of(PlannedObject item, string field, string message) =>
        new(item.Kind, item.Namespace, item.Name, field, message, ShortfallSeverity.Error);
}

using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding.Existing;
using Operators.Onboarding.Findings;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.HandOvers;

/// <summary>What of a workload keeps it from being handed over.</summary>
internal static class HandOverRefusals
{
    /// <summary>As many labels as the schema of spec.workload.selector takes.</summary>
    private const int MostLabels = 10;

    /// <summary>As long as the schema of spec.workload.objectNames takes.</summary>
    private const int LongestName = 63;

    public static IReadOnlyList<Finding> Check(ManagedService adopted, ExistingWorkload workload)
    {
        var refusals = new List<Finding>();
        void Refuse(string field, string message) => refusals.Add(new(workload.Reference, field, message, ShortfallSeverity.Error));

        if (adopted.Spec.WorkloadRef is null)
        {
            Refuse("metadata.labels", "the service runs it already");
        }

        if (workload.Reference.Kind != KnownResources.Deployments.Kind)
        {
            Refuse("kind", $"a {workload.Reference.Kind} can only be adopted: the operator runs Deployments");
            return refusals;
        }

        if (workload.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { } controller)
        {
            Refuse("metadata.ownerReferences", $"it is kept by {controller.Kind} {controller.Name}, which would undo every change");
        }

        if (workload.Metadata.DeletionTimestamp is not null)
        {
            Refuse("metadata.deletionTimestamp", "it is being deleted");
        }

        if (workload.Reference.Key.Name.Length > LongestName)
        {
            Refuse("metadata.name", $"is longer than {LongestName} characters");
        }

        if (workload.Spec.Strategy?.Type is { } strategy and not "RollingUpdate")
        {
            Refuse("spec.strategy.type", $"is {strategy}: the operator rolls changes out without a gap; change it to RollingUpdate first");
        }

        if (workload.Spec.Paused == true)
        {
            Refuse("spec.paused", "is true: nothing that is declared would be rolled out");
        }

        if (workload.Spec.Selector?.MatchLabels is not { Count: > 0 and <= MostLabels } || workload.Spec.Selector.MatchExpressions is { Count: > 0 })
        {
            Refuse("spec.selector", $"must be one to {MostLabels} plain labels (matchLabels), and it can't be changed on an existing Deployment");
        }

        if (workload.Template.Spec?.Containers is not { Count: > 0 })
        {
            Refuse("spec.template.spec.containers", "is empty");
        }

        return refusals;
    }
}

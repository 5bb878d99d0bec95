using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding.HandOvers;

/// <summary>The PodDisruptionBudget after a hand-over. Never two for the same pods: the eviction API refuses every drain then.</summary>
internal static class HandOverDisruption
{
    /// <summary>The declaration, and the name of the budget that the operator takes over; null when it takes none.</summary>
    public static (WorkloadDisruption Spec, string? Name) Plan(ExistingObjects live, ExistingWorkload workload, List<Derivation> derivations)
    {
        const string Field = "spec.workload.disruption";
        var budgets = live.Budgets.FindAll(budget =>
            budget.Metadata.NamespaceProperty == workload.Reference.Key.Namespace && budget.Spec?.Selector.Selects(workload.PodLabels) == true);
        switch (budgets)
        {
            case []:
                derivations.Add(new(Field, "maxUnavailable 1", "no PodDisruptionBudget selects its pods: the baseline's is added"));
                return (new WorkloadDisruption(), null);
            case [{ Spec: { MaxUnavailable: { } most, Selector.MatchExpressions: null or { Count: 0 } } } budget]
                when LabelMatch.Same(budget.Spec.Selector.MatchLabels, workload.Spec.Selector.MatchLabels):
                derivations.Add(new(Field, $"maxUnavailable {most.Value}", $"PodDisruptionBudget {budget.Metadata.Name}"));
                return (new WorkloadDisruption { MaxUnavailable = most }, budget.Metadata.Name);
            default:
                var names = string.Join(", ", budgets.Select(budget => budget.Metadata.Name));
                derivations.Add(new(Field, "enabled false", $"PodDisruptionBudget {names} can't be declared exactly, and stays as it is"));
                return (new WorkloadDisruption { Enabled = false }, null);
        }
    }
}

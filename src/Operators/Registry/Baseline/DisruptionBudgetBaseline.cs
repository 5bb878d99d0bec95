using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>The PodDisruptionBudget: how many instances a drain may take at once.</summary>
internal static class DisruptionBudgetBaseline
{
    public static DesiredObject Plan(ManagedService service)
    {
        var workload = service.Spec.Workload!;
        return DesiredObject.From(KnownResources.PodDisruptionBudgets, new V1PodDisruptionBudget
        {
            Metadata = BaselineMetadata.For(service, workload.ObjectNames?.PodDisruptionBudget),
            Spec = new V1PodDisruptionBudgetSpec
            {
                MaxUnavailable = workload.Disruption.MaxUnavailable,
                Selector = new V1LabelSelector { MatchLabels = BaselineMetadata.PodSelector(service) },
            },
        });
    }
}

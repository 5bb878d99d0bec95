using Operators.Onboarding.Existing;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Findings;

/// <summary>Autoscalers that scale nothing, or whose number somebody else resets.</summary>
internal static class AutoscalerFindings
{
    private static readonly string[] KnownKinds = ["Deployment", "StatefulSet"];

    public static IEnumerable<Finding> Check(ExistingObjects existing)
    {
        foreach (var autoscaler in existing.Autoscalers.Where(autoscaler => autoscaler.Spec?.ScaleTargetRef is not null))
        {
            var (ns, target) = (autoscaler.Metadata.NamespaceProperty, autoscaler.Spec.ScaleTargetRef);
            var workload = existing.Workloads.Find(item => item.Reference == new ObjectReference(target.Kind, new(ns, target.Name)));
            if (workload is null && KnownKinds.Contains(target.Kind))
            {
                yield return new(
                    new("HorizontalPodAutoscaler", new(ns, autoscaler.Metadata.Name)),
                    "spec.scaleTargetRef",
                    $"there is no {target.Kind} {target.Name}: it scales nothing",
                    ShortfallSeverity.Error);
            }
            else if (workload?.Spec.Replicas is { } replicas && existing.Origin == ObjectOrigin.Manifests)
            {
                yield return new(
                    workload.Reference,
                    "spec.replicas",
                    $"is {replicas} in the manifest, while HorizontalPodAutoscaler {autoscaler.Metadata.Name} owns the number: each apply resets what it decided",
                    ShortfallSeverity.Warning);
            }
        }
    }
}

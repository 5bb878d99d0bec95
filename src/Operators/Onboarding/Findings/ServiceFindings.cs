using Operators.Onboarding.Existing;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Findings;

/// <summary>Services that lead nowhere.</summary>
internal static class ServiceFindings
{
    public static IEnumerable<Finding> Check(ExistingObjects existing)
    {
        foreach (var service in existing.Services.Where(service => service.Spec?.Selector is { Count: > 0 }))
        {
            var ns = service.Metadata.NamespaceProperty;
            var reference = new ObjectReference("Service", new(ns, service.Metadata.Name));
            var behind = existing.Workloads.FindAll(workload => workload.Reference.Key.Namespace == ns && service.Spec.Selects(workload.PodLabels));
            if (behind.Count == 0)
            {
                yield return new(reference, "spec.selector", "selects no pods of any workload that is here: every call to it fails", ShortfallSeverity.Error);
                continue;
            }

            for (var i = 0; i < (service.Spec.Ports?.Count ?? 0); i++)
            {
                if (behind.TrueForAll(workload => WorkloadFront.TargetOf(service.Spec.Ports![i], workload.Template) is null))
                {
                    yield return new(reference, $"spec.ports[{i}].targetPort", $"no container has a port named {service.Spec.Ports![i].TargetPort?.Value}", ShortfallSeverity.Error);
                }
            }
        }
    }
}

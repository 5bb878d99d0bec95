using System.Globalization;
using k8s.Models;
using Operators.Onboarding.Calls;
using Operators.Onboarding.Existing;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Findings;

/// <summary>Where a workload falls short of the production baseline, by itself and by what is missing around it.</summary>
internal static class WorkloadFindings
{
    private const string ZoneField = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";

    public static IEnumerable<Finding> Check(ExistingObjects existing, WorkloadCalls calls)
    {
        var workload = calls.Candidate.Workload;
        Finding Found(string field, string message, ShortfallSeverity severity = ShortfallSeverity.Warning) => new(workload.Reference, field, message, severity);

        var missing = MissingZones(existing, workload);
        foreach (var shortfall in PodAudit.Check("spec.template", workload.Template).Where(found => missing.Length == 0 || !found.Field.EndsWith(ZoneField, StringComparison.Ordinal)))
        {
            yield return Found(shortfall.Field, shortfall.Message, shortfall.Severity);
        }

        if (missing.Length > 0)
        {
            yield return Found(
                $"spec.template.spec.{ZoneField}",
                $"requires the zones {missing}, none of which this cluster has: no instance can be scheduled",
                ShortfallSeverity.Error);
        }

        if (workload.Template.Spec?.ServiceAccountName is null or "" or "default")
        {
            yield return Found("spec.template.spec.serviceAccountName", "is the default account, whose rights every other workload of the namespace shares");
        }

        if (!existing.Budgets.Exists(budget => budget.Metadata.NamespaceProperty == workload.Reference.Key.Namespace && budget.Spec?.Selector.Selects(workload.PodLabels) == true))
        {
            yield return Found("spec.selector", "no PodDisruptionBudget selects its pods: a drain may take all instances at once");
        }

        if (calls.Egress.Policies.Count == 0)
        {
            yield return Found("spec.template.metadata.labels", "no NetworkPolicy selects its pods: anybody may call them, and they may call anybody");
        }

        if (MetricsContradiction(calls.Candidate) is { } contradiction)
        {
            yield return Found("spec.template.metadata.annotations[prometheus.io/port]", contradiction);
        }
    }

    private static string MissingZones(ExistingObjects existing, ExistingWorkload workload)
    {
        var required = workload.Template.Spec is { } pod ? PodAudit.RequiredZones(pod) : [];
        return existing.Zones is { } zones && !required.Any(zones.Contains) ? string.Join(", ", required) : "";
    }

    /// <summary>Prometheus reads the port that the annotation says; a port that is called metrics says otherwise.</summary>
    private static string? MetricsContradiction(AdoptionCandidate candidate)
    {
        var template = candidate.Workload.Template;
        if (template.Metadata?.Annotations?.TryGetValue("prometheus.io/port", out var annotated) != true)
        {
            return null;
        }

        var declared = (template.Spec?.Containers ?? []).SelectMany(container => container.Ports ?? []).ToList();
        var metrics = declared.Find(port => port.Name is "metrics" or "http-metrics" or "prometheus");
        if (metrics is not null && metrics.ContainerPort.ToString(CultureInfo.InvariantCulture) != annotated)
        {
            return $"says {annotated}, while the port that is named {metrics.Name} is {metrics.ContainerPort}";
        }

        return declared.Count > 0 && !declared.Exists(port => port.ContainerPort.ToString(CultureInfo.InvariantCulture) == annotated)
            ? $"says {annotated}, which is no port of its containers"
            : null;
    }
}

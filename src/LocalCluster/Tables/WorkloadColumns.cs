using System.Text.Json.Nodes;
using LocalCluster.Resources;
using static LocalCluster.Tables.Cells;

namespace LocalCluster.Tables;

/// <summary>The columns of the kinds that run pods.</summary>
internal static class WorkloadColumns
{
    /// <summary>The columns by the name under which objects are stored.</summary>
    public static IEnumerable<KeyValuePair<string, TableColumn[]>> All(TimeProvider clock) =>
    [
        new("pods", PodColumns.All(clock)),
        new("podtemplates", [.. Containers("template.spec", priority: 0), new("Pod Labels", o => Labels(o.Json.At("template.metadata.labels")))]),
        new("replicationcontrollers", [.. Replicas(clock), .. Containers("spec.template.spec"), Wide("Selector", o => Labels(o.Json.At("spec.selector")))]),
        new("replicasets.apps", [.. Replicas(clock), .. Template()]),
        new("deployments.apps",
        [
            new("Ready", o => $"{o.Json.Number("status.readyReplicas")}/{o.Json.Number("spec.replicas")}"),
            new("Up-to-date", o => o.Json.Number("status.updatedReplicas")),
            new("Available", o => o.Json.Number("status.availableReplicas")),
            Age(clock), .. Template(),
        ]),
        new("daemonsets.apps",
        [
            Count("Desired", "status.desiredNumberScheduled"), Count("Current", "status.currentNumberScheduled"),
            Count("Ready", "status.numberReady"), Count("Up-to-date", "status.updatedNumberScheduled"),
            Count("Available", "status.numberAvailable"), new("Node Selector", o => Labels(o.Json.At("spec.template.spec.nodeSelector"))),
            Age(clock), .. Template(),
        ]),
        new("statefulsets.apps",
        [
            new("Ready", o => $"{o.Json.Number("status.readyReplicas")}/{o.Json.Number("spec.replicas")}"),
            Age(clock), .. Containers("spec.template.spec"),
        ]),
        new("controllerrevisions.apps",
        [
            new("Controller", Controller), new("Revision", o => o.Json.Number("revision")), Age(clock),
        ]),
        new("jobs.batch",
        [
            new("Status", JobStatus), new("Completions", Completions), new("Duration", o => Duration(o, clock)), Age(clock), .. Template(),
        ]),
        new("cronjobs.batch",
        [
            Column("Schedule", "spec.schedule"), Column("Timezone", "spec.timeZone", None), Flag("Suspend", "spec.suspend"),
            Size("Active", "status.active", "integer"),
            new("Last Schedule", o => o.Json.At("status.lastScheduleTime") is { } last ? HumanDuration.Since(last, clock.GetUtcNow()) : None),
            Age(clock), .. Containers("spec.jobTemplate.spec.template.spec"),
            Wide("Selector", o => Selector(o.Json.At("spec.jobTemplate.spec.selector"))),
        ]),
        new("horizontalpodautoscalers.autoscaling",
        [
            new("Reference", o => $"{o.Json.Text("spec.scaleTargetRef.kind")}/{o.Json.Text("spec.scaleTargetRef.name")}"),
            new("Targets", AutoscalerMetrics.Show),
            Column("MinPods", "spec.minReplicas", "<unset>"),
            new("MaxPods", o => o.Json.Number("spec.maxReplicas")),
            new("Replicas", o => o.Json.Number("status.currentReplicas")),
            Age(clock),
        ]),
        new("poddisruptionbudgets.policy",
        [
            Column("Min Available", "spec.minAvailable", "N/A"), Column("Max Unavailable", "spec.maxUnavailable", "N/A"),
            Count("Allowed Disruptions", "status.disruptionsAllowed"), Age(clock),
        ]),
    ];

    private static TableColumn[] Replicas(TimeProvider clock) =>
        [Count("Desired", "spec.replicas"), Count("Current", "status.replicas"), Count("Ready", "status.readyReplicas"), Age(clock)];

    private static TableColumn[] Template() =>
        [.. Containers("spec.template.spec"), Wide("Selector", o => Selector(o.Json.At("spec.selector")))];

    private static JsonNode? Controller(KubeObject obj)
    {
        var owner = obj.OwnerReferences?.FirstOrDefault(o => o.Text("controller") == "true");
        if (owner is null)
        {
            return None;
        }

        var group = owner.Text("apiVersion").Split('/') is [var name, _] ? $".{name}" : "";
        return $"{owner.Text("kind").ToLowerInvariant()}{group}/{owner.Text("name")}";
    }

    private static JsonNode? JobStatus(KubeObject job)
    {
        foreach (var (type, status) in (ReadOnlySpan<(string, string)>)
            [("Complete", "Complete"), ("Failed", "Failed"), ("Suspended", "Suspended"), ("FailureTarget", "FailureTarget"), ("SuccessCriteriaMet", "SuccessCriteriaMet")])
        {
            if (job.Json.Items("status.conditions").Any(c => c.Text("type") == type && c.Text("status") == "True"))
            {
                return status;
            }
        }

        return job.DeletionTimestamp is null ? "Running" : "Terminating";
    }

    private static JsonNode? Completions(KubeObject job)
    {
        var succeeded = job.Json.Number("status.succeeded");
        var parallelism = job.Json.Number("spec.parallelism");
        return job.Json.At("spec.completions") is not null ? $"{succeeded}/{job.Json.Number("spec.completions")}"
            : parallelism > 1 ? $"{succeeded}/1 of {parallelism}"
            : $"{succeeded}/1";
    }

    private static JsonNode? Duration(KubeObject job, TimeProvider clock)
    {
        if (!DateTimeOffset.TryParse(job.Json.Text("status.startTime"), System.Globalization.CultureInfo.InvariantCulture, out var start))
        {
            return "";
        }

        var ended = DateTimeOffset.TryParse(job.Json.Text("status.completionTime"), System.Globalization.CultureInfo.InvariantCulture, out var end);
        return HumanDuration.Of((ended ? end : clock.GetUtcNow()) - start);
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Registry.Baseline;

/// <summary>ServiceMonitor and PrometheusRule, where the cluster serves those kinds.</summary>
internal static class MonitoringBaseline
{
    /// <summary>
    /// What a Deployment's pods are called after its own name: template hash and five characters, run together where a long name left no room for
    /// the dash. Anything looser would also match the pods of a service whose name begins with this one's.
    /// </summary>
    private const string PodSuffix = "[a-z0-9]+(-[a-z0-9]{5})?";

    public static IEnumerable<DesiredObject> Plan(ServiceSnapshot snapshot)
    {
        var workload = snapshot.Service.Spec.Workload!;
        if (!workload.Monitoring.Enabled || !workload.Exposure.Enabled)
        {
            yield break; // both find instances through the service's own Service; without it the alert "no instance answers" would never end
        }

        if (snapshot.Features.ServiceMonitors)
        {
            yield return Monitor(snapshot.Service, workload);
        }

        if (snapshot.Features.PrometheusRules)
        {
            yield return Rule(snapshot.Service, workload);
        }
    }

    private static DesiredObject Monitor(ManagedService service, ServiceWorkload workload) => Plan(
        KnownResources.ServiceMonitors,
        service,
        workload.ObjectNames?.ServiceMonitor,
        new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [FleetApi.InventoryLabel] = service.Metadata.Name } },
            ["endpoints"] = new JsonArray(new JsonObject
            {
                ["port"] = WorkloadPorts.Metrics(workload).Name,
                ["path"] = workload.Monitoring.Path,
                ["interval"] = $"{workload.Monitoring.IntervalSeconds.ToString(CultureInfo.InvariantCulture)}s",
            }),
        });

    /// <summary>The alerts that every service has; thresholds and times are those of the product's alert catalogue (mission row 9).</summary>
    private static DesiredObject Rule(ManagedService service, ServiceWorkload workload)
    {
        var (ns, name) = (service.Metadata.Namespace, service.Metadata.Name);
        var pods = $"namespace=\"{ns}\",pod=~\"{workload.ObjectNames?.Deployment ?? name}-{PodSuffix}\"";
        var job = $"namespace=\"{ns}\",service=\"{workload.ObjectNames?.Service ?? name}\"";
        var critical = service.Spec.Tier is ServiceTier.Critical ? "critical" : "warning";
        return Plan(
            KnownResources.PrometheusRules,
            service,
            workload.ObjectNames?.PrometheusRule,
            new JsonObject
            {
                ["groups"] = new JsonArray(new JsonObject
                {
                    ["name"] = $"dabbawala.{name}",
                    ["rules"] = new JsonArray(
                        Alert(service, "ServiceDown", $"sum(up{{{job}}}) == 0 or absent(up{{{job}}})", "1m", critical, "no instance answers its scrape"),
                        Alert(
                            service,
                            "MemoryHigh",
                            $"max by (pod) (container_memory_working_set_bytes{{{pods},container!=\"\"}}) / max by (pod) (kube_pod_container_resource_limits{{{pods},resource=\"memory\"}}) > 0.8",
                            "5m",
                            "warning",
                            "an instance uses over 80 % of its memory limit"),
                        Alert(
                            service,
                            "CpuHigh",
                            $"sum by (pod) (rate(container_cpu_usage_seconds_total{{{pods},container!=\"\"}}[5m])) / sum by (pod) (kube_pod_container_resource_requests{{{pods},resource=\"cpu\"}}) > 0.8",
                            "5m",
                            "warning",
                            "an instance uses over 80 % of its CPU request"),
                        Alert(
                            service,
                            "LatencyHigh",
                            $"histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{{{job}}}[5m]))) > 1",
                            "3m",
                            "warning",
                            "the 95th percentile of the response time is over 1 s")),
                }),
            });
    }

    private static JsonObject Alert(ManagedService service, string name, string expression, string lasting, string severity, string what) => new JsonObject
    {
        ["alert"] = name,
        ["expr"] = expression,
        ["for"] = lasting,
        ["labels"] = new JsonObject
        {
            ["severity"] = severity,
            ["service"] = service.Metadata.Name,
            ["team"] = service.Spec.Owner.Team,
        },
        ["annotations"] = new JsonObject { ["summary"] = $"{service.Metadata.Namespace}/{service.Metadata.Name}: {what}" },
    };

    private static DesiredObject Plan(ResourceType type, ManagedService service, string? name, JsonObject spec)
    {
        var metadata = BaselineMetadata.For(service, name);
        return DesiredObject.From(type, new(service.Metadata.Namespace, metadata.Name), new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = type.Kind,
            ["metadata"] = JsonSerializer.SerializeToNode(metadata, KubeJson.Options),
            ["spec"] = spec,
        });
    }
}

using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>Defaults of workloads and autoscalers (Kubernetes, pkg/apis/{apps,batch,autoscaling}/*/defaults.go).</summary>
internal static class WorkloadDefaults
{
    private const int DefaultCpuPercent = 80;

    public static DefaultRule[] All =>
    [
        new("io.k8s.api.apps.v1.DeploymentStrategy", strategy => RollingUpdate(strategy, "25%", "25%")),
        new("io.k8s.api.apps.v1.DaemonSetUpdateStrategy", strategy => RollingUpdate(strategy, 1, 0)),
        new("io.k8s.api.apps.v1.StatefulSetUpdateStrategy", StatefulSetStrategy),
        new("io.k8s.api.batch.v1.Job", Job),
        new("io.k8s.api.batch.v1.JobSpec", JobSpec),
        new("io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec", Metrics),
        new("io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior", Behavior),
    ];

    private static void RollingUpdate(JsonObject strategy, JsonNode maxUnavailable, JsonNode maxSurge)
    {
        if (strategy.TextOf("type") is "" or "RollingUpdate")
        {
            var update = strategy.GetOrAdd("rollingUpdate");
            update.SetDefault("maxUnavailable", maxUnavailable.DeepClone);
            update.SetDefault("maxSurge", maxSurge.DeepClone);
        }
    }

    private static void StatefulSetStrategy(JsonObject strategy)
    {
        if (strategy.TextOf("type").Length == 0)
        {
            strategy["type"] = "RollingUpdate";
            strategy.GetOrAdd("rollingUpdate");
        }

        if (strategy.TextOf("type") == "RollingUpdate" && strategy["rollingUpdate"] is JsonObject update)
        {
            update.SetDefault("partition", () => 0);
            update.SetDefault("maxUnavailable", () => 1);
        }
    }

    private static void Job(JsonObject job)
    {
        if (job["spec"]?["template"]?["metadata"]?["labels"] is JsonObject labels)
        {
            job.GetOrAdd("metadata").SetDefault("labels", () => labels.DeepClone());
        }
    }

    private static void JobSpec(JsonObject spec)
    {
        if (spec["parallelism"] is null)
        {
            spec.SetDefault("completions", () => 1);
        }

        spec.SetDefault("backoffLimit", () => spec["backoffLimitPerIndex"] is null ? 6 : int.MaxValue);
        spec.SetDefault("podReplacementPolicy", () => spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
    }

    private static void Metrics(JsonObject spec) => spec.SetDefault("metrics", () => new JsonArray(new JsonObject
    {
        ["type"] = "Resource",
        ["resource"] = new JsonObject
        {
            ["name"] = "cpu",
            ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = DefaultCpuPercent },
        },
    }));

    private static void Behavior(JsonObject behavior)
    {
        Rules(behavior.GetOrAdd("scaleUp"), stabilizationSeconds: 0, Policy("Pods", 4), Policy("Percent", 100));
        Rules(behavior.GetOrAdd("scaleDown"), stabilizationSeconds: null, Policy("Percent", 100));
    }

    private static void Rules(JsonObject rules, int? stabilizationSeconds, params JsonNode[] policies)
    {
        if (stabilizationSeconds is { } seconds)
        {
            rules.SetDefault("stabilizationWindowSeconds", () => seconds);
        }

        rules.SetDefault("selectPolicy", () => "Max");
        rules.SetDefault("policies", () => new JsonArray(policies));
    }

    private static JsonObject Policy(string type, int value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15 };
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCluster.Resources;

/// <summary>
/// <c>autoscaling/v1</c>, which knows only the CPU target, on top of the stored <c>autoscaling/v2</c>. What it has no field for travels
/// in annotations, so that a client of the old version changes nothing that it can't see.
/// </summary>
internal sealed class HorizontalPodAutoscalerConversion : IVersionConversion
{
    private const string CpuTarget = "targetCPUUtilizationPercentage";
    private const string CurrentCpu = "currentCPUUtilizationPercentage";
    private const int DefaultCpuUtilization = 80;

    private static readonly (string Part, string Field, string Annotation)[] Hidden =
    [
        ("spec", "metrics", "autoscaling.alpha.kubernetes.io/metrics"),
        ("spec", "behavior", "autoscaling.alpha.kubernetes.io/behavior"),
        ("status", "currentMetrics", "autoscaling.alpha.kubernetes.io/current-metrics"),
        ("status", "conditions", "autoscaling.alpha.kubernetes.io/conditions"),
    ];

    /// <summary>The only one.</summary>
    public static HorizontalPodAutoscalerConversion Instance { get; } = new();

    /// <inheritdoc/>
    public bool IsIdentity => false;

    /// <inheritdoc/>
    public void ToStored(KubeObject obj)
    {
        obj.ApiVersion = "autoscaling/v2";
        foreach (var (part, field, annotation) in Hidden)
        {
            if (obj.Annotations is { } annotations && annotations.Remove(annotation, out var text) && Parse(text) is { } value)
            {
                Part(obj, part)[field] = value;
            }
        }

        var spec = Part(obj, "spec");
        spec.Remove(CpuTarget, out var target);
        var metrics = spec["metrics"] as JsonArray ?? [];
        if (target is not null)
        {
            metrics.Add(CpuUtilization((int)target));
        }
        else if (metrics.Count == 0)
        {
            metrics.Add(CpuUtilization(DefaultCpuUtilization));
        }

        spec["metrics"] = metrics.Parent is null ? metrics : metrics.DeepClone();
        (obj.Json["status"] as JsonObject)?.Remove(CurrentCpu);
        RemoveEmptyAnnotations(obj);
    }

    /// <inheritdoc/>
    public void FromStored(KubeObject obj)
    {
        obj.ApiVersion = "autoscaling/v1";
        if (obj.Json["spec"] is JsonObject spec && spec["metrics"] is JsonArray metrics
            && metrics.FirstOrDefault(m => Utilization(m, "target") is not null) is { } cpu)
        {
            spec[CpuTarget] = Utilization(cpu, "target")!.DeepClone();
            metrics.Remove(cpu);
            if (metrics.Count == 0)
            {
                spec.Remove("metrics");
            }
        }

        if (obj.Json["status"] is JsonObject status && status["currentMetrics"] is JsonArray current
            && current.Select(m => Utilization(m, "current")).FirstOrDefault(u => u is not null) is { } utilization)
        {
            status[CurrentCpu] = utilization.DeepClone();
        }

        foreach (var (part, field, annotation) in Hidden)
        {
            if (obj.Json[part] is JsonObject owner && owner.Remove(field, out var value) && value is not null)
            {
                Annotations(obj)[annotation] = value.ToJsonString();
            }
        }
    }

    private static JsonObject CpuUtilization(int percent) => new()
    {
        ["type"] = "Resource",
        ["resource"] = new JsonObject
        {
            ["name"] = "cpu",
            ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = percent },
        },
    };

    private static JsonNode? Utilization(JsonNode? metric, string side) =>
        (string?)metric?["type"] == "Resource" && (string?)metric["resource"]?["name"] == "cpu"
            ? metric["resource"]![side]?["averageUtilization"]
            : null;

    private static JsonObject Part(KubeObject obj, string name)
    {
        if (obj.Json[name] is JsonObject part)
        {
            return part;
        }

        part = [];
        obj.Json[name] = part;
        return part;
    }

    private static JsonObject Annotations(KubeObject obj)
    {
        if (obj.Annotations is { } annotations)
        {
            return annotations;
        }

        annotations = [];
        obj.Set("annotations", annotations);
        return annotations;
    }

    private static void RemoveEmptyAnnotations(KubeObject obj)
    {
        if (obj.Annotations is { Count: 0 })
        {
            obj.Set("annotations", null);
        }
    }

    private static JsonNode? Parse(JsonNode? text)
    {
        try
        {
            return JsonNode.Parse((string?)text ?? "");
        }
        catch (JsonException)
        {
            // Not written by this conversion: the API drops what it can't read, as Kubernetes does.
            return null;
        }
    }
}

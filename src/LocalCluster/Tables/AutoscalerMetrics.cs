using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Tables;

/// <summary>The metrics of an autoscaler in one cell: <c>cpu: 12%/80%, 3/10 (avg)</c>.</summary>
internal static class AutoscalerMetrics
{
    private const int Shown = 2;
    private const string Unknown = "<unknown>";

    /// <summary>The cell.</summary>
    public static JsonNode? Show(KubeObject autoscaler)
    {
        var current = autoscaler.Json.Items("status.currentMetrics");
        var metrics = autoscaler.Json.Items("spec.metrics").Select((metric, i) => Show(metric, i < current.Count ? current[i] : null)).ToList();
        return Cells.JoinFirst(metrics, Shown, Cells.None, ", ");
    }

    private static string Show(JsonNode metric, JsonNode? current)
    {
        var type = metric.Text("type");
        var source = type.Length == 0 ? "" : char.ToLowerInvariant(type[0]) + type[1..];
        var (target, now) = (metric.At($"{source}.target"), current.At($"{source}.current"));
        var isResource = source is "resource" or "containerResource";
        var name = isResource ? $"{metric.Text($"{source}.name")}: " : "";
        var (field, suffix) = target.Text("averageValue").Length > 0 ? ("averageValue", isResource || source == "pods" ? "" : " (avg)")
            : isResource ? ("averageUtilization", "")
            : ("value", "");
        var unit = field == "averageUtilization" ? "%" : "";
        return $"{name}{Or(now.Text(field), unit, Unknown)}/{Or(target.Text(field), unit, "<auto>")}{suffix}";
    }

    private static string Or(string value, string unit, string absent) => value.Length > 0 ? value + unit : absent;
}

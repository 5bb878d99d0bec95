using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Resources;

namespace LocalCluster.Registry.Strategies;

/// <summary>The quality-of-service class of a pod, from what its containers request and limit.</summary>
internal static class PodQuality
{
    private static readonly string[] Counted = ["cpu", "memory"];

    /// <summary><c>Guaranteed</c>, <c>Burstable</c> or <c>BestEffort</c>.</summary>
    public static string Of(JsonObject pod)
    {
        var containers = pod.Items("spec.containers").Concat(pod.Items("spec.initContainers")).ToList();
        var anything = containers.Any(c => Counted.Any(r => Amount(c, "requests", r) is not null || Amount(c, "limits", r) is not null));
        var everything = containers.All(c => Counted.All(r => Amount(c, "limits", r) is { } limit && limit.Equals(Amount(c, "requests", r) ?? limit)));
        return !anything ? "BestEffort" : everything ? "Guaranteed" : "Burstable";
    }

    private static Quantity? Amount(JsonNode container, string part, string resource) =>
        (string?)(container.At($"resources.{part}") as JsonObject)?[resource] is { } text && Quantity.Parse(text, out _) is { Sign: > 0 } amount
            ? amount
            : null;
}

using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>Defaults of pods, volumes, nodes and what belongs to them (Kubernetes, pkg/apis/core/v1/defaults.go).</summary>
internal static class CoreDefaults
{
    private const string Core = "io.k8s.api.core.v1";

    private static readonly string[] ContainerLists = ["containers", "initContainers"];

    public static DefaultRule[] All =>
    [
        new($"{Core}.Pod", Pod),
        new($"{Core}.Container", container => container.SetDefault("imagePullPolicy", () => PullPolicy(container.TextOf("image")))),
        new($"{Core}.EphemeralContainer", container => container.SetDefault("imagePullPolicy", () => PullPolicy(container.TextOf("image")))),
        new($"{Core}.ImageVolumeSource", image => image.SetDefault("pullPolicy", () => PullPolicy(image.TextOf("reference")))),
        new($"{Core}.Volume", Volume),
        new($"{Core}.PersistentVolumeClaim", claim => claim.GetOrAdd("status").SetDefault("phase", () => "Pending")),
        new($"{Core}.Namespace", Namespace),
        new($"{Core}.NodeStatus", Allocatable),
        new($"{Core}.LimitRangeItem", LimitRangeItem),
        new($"{Core}.ReplicationController", ReplicationController),
    ];

    /// <summary>An image that may change under its tag is pulled each time.</summary>
    private static JsonNode PullPolicy(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        var isPinned = name.Contains('@', StringComparison.Ordinal)
            || (name.Contains(':', StringComparison.Ordinal) && !name.EndsWith(":latest", StringComparison.Ordinal));
        return isPinned ? "IfNotPresent" : "Always";
    }

    // Only a Pod of its own has these; the template of a workload must not change when a server learns of a new default.
    private static void Pod(JsonObject pod)
    {
        var spec = pod.GetOrAdd("spec");
        spec.SetDefault("enableServiceLinks", () => true);
        var usesHostNetwork = spec["hostNetwork"].TryBoolean(out var host) && host;
        foreach (var container in ContainerLists.SelectMany(spec.ObjectsOf))
        {
            if (container["resources"] is JsonObject { } resources && resources["limits"] is JsonObject limits)
            {
                CopyAbsent(limits, resources.GetOrAdd("requests"));
            }

            if (usesHostNetwork)
            {
                foreach (var port in container.ObjectsOf("ports"))
                {
                    port.SetDefault("hostPort", () => port["containerPort"]?.DeepClone() ?? 0);
                }
            }
        }
    }

    private static void Volume(JsonObject volume)
    {
        if (volume.Count == 0 || (volume.Count == 1 && volume.ContainsKey("name")))
        {
            volume["emptyDir"] = new JsonObject();
        }
    }

    private static void Namespace(JsonObject ns)
    {
        if (ns["metadata"] is JsonObject metadata && metadata.TextOf("name") is { Length: > 0 } name)
        {
            metadata.GetOrAdd("labels")["kubernetes.io/metadata.name"] = name;
        }
    }

    private static void Allocatable(JsonObject status)
    {
        if (status["capacity"] is JsonObject capacity)
        {
            status.SetDefault("allocatable", () => capacity.DeepClone());
        }
    }

    private static void LimitRangeItem(JsonObject item)
    {
        if (item.TextOf("type") != "Container")
        {
            return;
        }

        var limits = item.GetOrAdd("default");
        var requests = item.GetOrAdd("defaultRequest");
        CopyAbsent(item["max"], limits);
        CopyAbsent(limits, requests);
        CopyAbsent(item["min"], requests);
        RemoveIfEmpty(item, "default");
        RemoveIfEmpty(item, "defaultRequest");
    }

    private static void ReplicationController(JsonObject controller)
    {
        if (controller["spec"] is JsonObject spec && spec["template"]?["metadata"]?["labels"] is JsonObject labels)
        {
            spec.SetDefault("selector", () => labels.DeepClone());
            controller.GetOrAdd("metadata").SetDefault("labels", () => labels.DeepClone());
        }
    }

    private static void CopyAbsent(JsonNode? from, JsonObject to)
    {
        foreach (var (name, value) in from as JsonObject ?? [])
        {
            to.SetDefault(name, () => value!.DeepClone());
        }
    }

    private static void RemoveIfEmpty(JsonObject map, string name)
    {
        if (map[name] is JsonObject { Count: 0 })
        {
            map.Remove(name);
        }
    }
}

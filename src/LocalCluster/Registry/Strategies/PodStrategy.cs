using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>Pods: what of them can change, and how they end.</summary>
internal sealed class PodStrategy : ObjectStrategy
{
    private const string Immutable =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` "
        + "(allow it to be set to 1 if it was previously negative)";

    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context)
    {
        var status = new JsonObject { ["phase"] = "Pending", ["qosClass"] = PodQuality.Of(obj.Json) };
        if (obj.Json.Items("spec.schedulingGates").Count > 0)
        {
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "PodScheduled",
                ["status"] = "False",
                ["reason"] = "SchedulingGated",
                ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
            });
        }

        obj.Json["status"] = status;
    }

    /// <inheritdoc/>
    public override void PrepareForSubresourceUpdate(string subresource, KubeObject obj, KubeObject old, RegistryContext context)
    {
        switch (subresource)
        {
            case "status":
                obj.Set("ownerReferences", old.OwnerReferences?.DeepClone());
                var status = obj.Json.ObjectAt("status");
                status["qosClass"] ??= old.Json.At("status.qosClass")?.DeepClone();
                break;
            case "ephemeralcontainers":
                KeepAllBut(obj, old, (spec, changed) => spec["ephemeralContainers"] = changed["ephemeralContainers"]?.DeepClone());
                break;
            case "resize":
                KeepAllBut(obj, old, TakeResources);
                break;
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        if (old is null)
        {
            return PodSpecValidation.Validate(obj.Json["spec"] as JsonObject ?? [], "spec");
        }

        return JsonNode.DeepEquals(Frozen(obj), Frozen(old)) ? [] : [FieldError.Forbidden("spec", Immutable)];
    }

    /// <inheritdoc/>
    public override long? GracePeriod(KubeObject obj, long? requested)
    {
        var ended = obj.Json.Text("spec.nodeName").Length == 0 || obj.Json.Text("status.phase") is "Succeeded" or "Failed";
        return ended ? 0 : requested ?? obj.Json.Number("spec.terminationGracePeriodSeconds");
    }

    private static void KeepAllBut(KubeObject obj, KubeObject old, Action<JsonObject, JsonObject> take)
    {
        var changed = obj.Json["spec"] as JsonObject ?? [];
        var spec = (JsonObject)old.Json["spec"]!.DeepClone();
        take(spec, changed);
        obj.Json["spec"] = spec;
        obj.Json["status"] = old.Json["status"]?.DeepClone();
    }

    private static void TakeResources(JsonObject spec, JsonObject changed)
    {
        foreach (var container in spec.Items("containers").OfType<JsonObject>())
        {
            var match = changed.Items("containers").FirstOrDefault(c => c.Text("name") == container.Text("name"));
            container["resources"] = match.At("resources")?.DeepClone();
            if (match.At("resizePolicy") is { } policy)
            {
                container["resizePolicy"] = policy.DeepClone();
            }
        }
    }

    /// <summary>The part of the spec that must not change. Where it may, the copy says nothing.</summary>
    private static JsonObject Frozen(KubeObject pod)
    {
        var spec = (JsonObject)(pod.Json["spec"] ?? new JsonObject()).DeepClone();
        foreach (var name in (ReadOnlySpan<string>)["activeDeadlineSeconds", "tolerations", "schedulingGates", "ephemeralContainers", "terminationGracePeriodSeconds", "nodeName"])
        {
            spec.Remove(name);
        }

        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")).OfType<JsonObject>())
        {
            container.Remove("image");
            container.Remove("resources");
        }

        if (pod.Json.Items("spec.schedulingGates").Count > 0)
        {
            spec.Remove("nodeSelector");
            spec.Remove("affinity");
        }

        return spec;
    }
}

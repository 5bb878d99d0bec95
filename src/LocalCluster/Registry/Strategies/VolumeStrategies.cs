using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>PersistentVolumeClaims.</summary>
internal sealed class ClaimStrategy : ObjectStrategy
{
    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context) => obj.Json["status"] = new JsonObject { ["phase"] = "Pending" };

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        if (obj.Json.Items("spec.accessModes").Count == 0)
        {
            yield return FieldError.Required("spec.accessModes", "at least 1 access mode is required");
        }

        if ((obj.Json.At("spec.resources.requests") as JsonObject)?["storage"] is null)
        {
            yield return FieldError.Required("spec.resources[storage]");
        }

        if (old is not null && !JsonNode.DeepEquals(Frozen(obj), Frozen(old)))
        {
            yield return FieldError.Forbidden(
                "spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
        }
    }

    private static JsonObject Frozen(KubeObject claim)
    {
        var spec = (JsonObject)(claim.Json["spec"] ?? new JsonObject()).DeepClone();
        spec.Remove("resources");
        spec.Remove("volumeAttributesClassName");
        if (claim.Json.Text("spec.volumeName").Length > 0)
        {
            spec.Remove("volumeName");
        }

        return spec;
    }
}

/// <summary>PersistentVolumes.</summary>
internal sealed class VolumeStrategy : ObjectStrategy
{
    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context) => obj.Json["status"] = new JsonObject { ["phase"] = "Pending" };

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        if (obj.Json.Items("spec.accessModes").Count == 0)
        {
            yield return FieldError.Required("spec.accessModes");
        }

        if (obj.Json.At("spec.capacity") is not JsonObject { Count: > 0 })
        {
            yield return FieldError.Required("spec.capacity");
        }
    }
}

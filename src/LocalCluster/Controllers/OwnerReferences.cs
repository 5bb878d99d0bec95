using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Controllers;

/// <summary>References to the controller of an object, as it writes them.</summary>
internal static class OwnerReferences
{
    /// <summary>The entry of <c>metadata.ownerReferences</c> that makes an object the controller.</summary>
    public static JsonObject Controller(ResourceType type, ObjectMeta owner) => new()
    {
        ["apiVersion"] = type.ApiVersion,
        ["kind"] = type.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}

using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Registry.Strategies;

/// <summary>Namespaces: they stay until what is in them is gone.</summary>
internal sealed class NamespaceStrategy : ObjectStrategy
{
    /// <summary>The finalizer that stands for the objects in a namespace.</summary>
    public const string Finalizer = "kubernetes";

    private const string NameLabel = "kubernetes.io/metadata.name";

    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context)
    {
        obj.Json["status"] = new JsonObject { ["phase"] = "Active" };
        var finalizers = obj.Json.Items("spec.finalizers").Select(f => (string)f!).Union([Finalizer]);
        obj.Json.ObjectAt("spec")["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]);
        obj.Metadata.ObjectAt("labels")[NameLabel] = obj.Name;
    }

    /// <inheritdoc/>
    public override void PrepareForUpdate(KubeObject obj, KubeObject old, RegistryContext context)
    {
        obj.Json["spec"] = old.Json["spec"]?.DeepClone();
        obj.Metadata.ObjectAt("labels")[NameLabel] = obj.Name;
    }

    /// <inheritdoc/>
    public override void PrepareForSubresourceUpdate(string subresource, KubeObject obj, KubeObject old, RegistryContext context)
    {
        if (subresource == "finalize")
        {
            obj.Json["status"] = old.Json["status"]?.DeepClone();
        }
    }

    /// <inheritdoc/>
    public override bool CanGo(KubeObject obj) => obj.Json.Items("spec.finalizers").Count == 0;

    /// <inheritdoc/>
    public override void PrepareForDeletion(KubeObject obj) => obj.Json.ObjectAt("status")["phase"] = "Terminating";
}

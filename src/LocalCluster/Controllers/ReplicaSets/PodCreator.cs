using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.ReplicaSets;

/// <summary>Creates pods from a ReplicaSet's template.</summary>
/// <param name="type">Kind of the sets.</param>
/// <param name="writer">Writes.</param>
internal sealed class PodCreator(ResourceType type, ObjectWriter writer)
{
    /// <summary>Creates one pod and returns its name.</summary>
    public async Task<string> CreateAsync(ReplicaSet set, CancellationToken cancellationToken)
    {
        var stored = await writer.CreateAsync(KnownResources.Pods, set.Metadata.Namespace, Body(set), cancellationToken);
        return ObjectHeader.Read(stored).Key.Name;
    }

    private JsonObject Body(ReplicaSet set)
    {
        var pod = set.Spec.Template.ToJson();
        var template = pod["metadata"] as JsonObject ?? [];
        pod["metadata"] = new JsonObject
        {
            ["generateName"] = $"{set.Metadata.Name}-",
            ["namespace"] = set.Metadata.Namespace,
            ["labels"] = template["labels"]?.DeepClone(),
            ["annotations"] = template["annotations"]?.DeepClone(),
            ["finalizers"] = template["finalizers"]?.DeepClone(),
            ["ownerReferences"] = new JsonArray(OwnerReferences.Controller(type, set.Metadata)),
        };
        return pod;
    }
}

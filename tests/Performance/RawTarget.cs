using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace Performance;

/// <summary>A Deployment that nobody keeps, of the size of the operator's.</summary>
internal static class RawTarget
{
    public static async Task CreateAsync(MeasuredCluster cluster, string ns, string name, CancellationToken cancellationToken)
    {
        var service = JsonSerializer.Deserialize<ManagedService>(MeasuredFleet.Declaration(ns, 0), KubeJson.Options)!;
        service = service with { Metadata = service.Metadata with { Name = name, Uid = Guid.NewGuid().ToString() } };
        var deployment = MeasuredFleet.Objects(service).Single(o => o.Type == KnownResources.Deployments);
        var json = System.Text.Json.Nodes.JsonNode.Parse(deployment.Json.Span)!;
        var metadata = json["metadata"]!.AsObject();
        metadata.Remove("labels");
        metadata.Remove("ownerReferences");
        await cluster.Api.CreateAsync(
            KnownResources.Deployments, ns, JsonSerializer.SerializeToUtf8Bytes(json, KubeJson.Options), new WriteOptions { FieldManager = "somebody" }, cancellationToken);
    }
}

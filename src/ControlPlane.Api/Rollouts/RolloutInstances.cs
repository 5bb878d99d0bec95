using System.Text.Json.Nodes;
using ControlPlane.Api.Rollouts.Cost;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using k8s.Models;
using Operators.Cluster;
using Operators.Rollouts;

namespace ControlPlane.Api.Rollouts;

/// <summary>The pods of both sides of a rollout, from the caches.</summary>
internal sealed class RolloutInstances(FleetCaches caches)
{
    private const decimal BytesPerGib = 1L << 30;

    /// <summary>The instances of a service, those of the canary first.</summary>
    public IEnumerable<RolloutInstance> Of(ManagedService service)
    {
        var container = service.Metadata.Name;
        return Pods(CanaryOf(service)).Select(pod => Of(pod, container, Tracks.Canary))
            .Concat(Pods(FleetCaches.WorkloadKeyOf(service)).Select(pod => Of(pod, container, Tracks.Stable)));
    }

    /// <summary>What the instances of the canary of a service request. One that requests nothing is not told.</summary>
    public IEnumerable<CanaryInstance> Requests(ManagedService service)
    {
        var canary = CanaryOf(service);
        if (caches.Owned(KnownResources.Deployments).Cache.Find(canary.Key)?.ToJson(KnownResources.Deployments) is not { } deployment)
        {
            return [];
        }

        var containers = deployment["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? [];
        var (cpu, memory) = (Sum(containers, "cpu"), Sum(containers, "memory") / BytesPerGib);
        return cpu + memory == 0 ? [] : Pods(canary).Where(static pod => pod.Metadata.CreationTimestamp is not null).Select(pod => new CanaryInstance(pod.Metadata.CreationTimestamp!.Value, cpu, memory));
    }

    private static WorkloadKey CanaryOf(ManagedService service) => FleetCaches.WorkloadKeyOf(service) with { Key = WorkloadSides.CanaryKey(service) };

    private IEnumerable<PodView> Pods(WorkloadKey workload) =>
        caches.PodsByWorkload.Get(workload.ToString()).OrderBy(static pod => pod.Metadata.Name, StringComparer.Ordinal);

    private static RolloutInstance Of(PodView pod, string container, string track)
    {
        var trouble = pod.Trouble();
        return new(
            container,
            pod.Metadata.Name,
            pod.Metadata.Labels.GetValueOrDefault(Tracks.Label) ?? track,
            ImageOf(pod, container),
            pod.IsReady,
            trouble?.Reason,
            trouble?.Message,
            pod.Metadata.CreationTimestamp);
    }

    private static string? ImageOf(PodView pod, string container) =>
        (pod.Spec.Containers.FirstOrDefault(item => item.Name == container) ?? (pod.Spec.Containers is [var first, ..] ? first : null))?.Image;

    private static decimal Sum(JsonArray containers, string resource) => containers.Sum(container =>
        container?["resources"]?["requests"]?[resource] is JsonValue value ? new ResourceQuantity(value.ToString()).ToDecimal() : 0);
}

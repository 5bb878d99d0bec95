using ControlPlane.Api.Access;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Registry;

namespace ControlPlane.Api.Fleet;

/// <summary>How an instance is, as people look at it: what discovery says, and pods that discovery does not know yet.</summary>
public enum InstanceHealth
{
    /// <summary>Callers are sent to it.</summary>
    Serving,

    /// <summary>It starts, waits for a node, or keeps ending.</summary>
    Pending,

    /// <summary>The cluster's readiness probe does not pass.</summary>
    NotReady,

    /// <summary>The control plane's own check fails.</summary>
    Unhealthy,

    /// <summary>Its health changes too often to be relied on.</summary>
    Flapping,

    /// <summary>It vanished together with most of the fleet; callers are still sent to it (self-preservation).</summary>
    Preserved,

    /// <summary>On its way out.</summary>
    Terminating,
}

/// <summary>An instance as pages show it.</summary>
public sealed record ServiceInstance
{
    /// <summary>Name of its pod, or its address where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>How it is.</summary>
    public required InstanceHealth Health { get; init; }

    /// <summary>Why it does not serve, in one word; null when it does.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it does not serve, in a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>Address and main port; null until it has them.</summary>
    public string? Address { get; init; }

    /// <summary>Node.</summary>
    public string? Node { get; init; }

    /// <summary>Zone.</summary>
    public string? Zone { get; init; }

    /// <summary>Version that it runs; null when its pod is not known.</summary>
    public string? Version { get; init; }

    /// <summary>How often its containers were restarted.</summary>
    public int Restarts { get; init; }

    /// <summary>When its pod was made (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When the control plane's own check ran last (UTC); null without one.</summary>
    public DateTimeOffset? CheckedAt { get; init; }
}

/// <summary>The instances of a service: those that discovery hands out or withholds, and the pods that did not get that far.</summary>
public sealed class InstanceQuery(FleetCaches caches, InstanceDirectory directory, FleetQuery fleet)
{
    /// <summary>Since when last known instances are handed out because most of the fleet vanished (UTC); null when not.</summary>
    public DateTimeOffset? PreservingSince => directory.PreservingSince;

    /// <summary>What discovery knows of a service; null when it is not declared, or not for the caller to see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public IReadOnlyCollection<Instance>? Discover(ObjectKey key) => fleet.Find(key) is null ? null : [.. directory.Find(key)];

    /// <summary>All instances of a service, by name; empty when it is not declared, or not for the caller to see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public IReadOnlyList<ServiceInstance> List(ObjectKey key)
    {
        if (fleet.Find(key) is null || caches.Services.Cache.Find(key) is not { } service)
        {
            return [];
        }

        var pods = caches.PodsByWorkload.Get(FleetCaches.WorkloadKeyOf(service).ToString()).ToDictionary(pod => pod.Metadata.Name);
        List<ServiceInstance> found = [.. directory.Find(key).Select(instance => Known(instance, pods.GetValueOrDefault(instance.Name)))];
        var known = found.Select(instance => instance.Name).ToHashSet(StringComparer.Ordinal);
        found.AddRange(pods.Values.Where(pod => !known.Contains(pod.Metadata.Name)).Select(Unknown));
        found.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return found;
    }

    private static ServiceInstance Known(Instance instance, PodView? pod)
    {
        var health = HealthOf(instance.State);
        var trouble = health == InstanceHealth.NotReady ? pod?.Trouble() : null;
        return Describe(pod, new ServiceInstance
        {
            Name = instance.Name,
            Health = health,
            Reason = health == InstanceHealth.Serving ? null : trouble?.Reason ?? instance.State.ToString(),
            Message = trouble?.Message ?? instance.Reason,
            Address = instance.Ports is [var port, ..] ? $"{instance.Address}:{port.Port}" : instance.Address,
            Node = instance.Node,
            Zone = instance.Zone,
            CheckedAt = instance.CheckedAt,
        });
    }

    private static ServiceInstance Unknown(PodView pod)
    {
        var trouble = pod.Trouble();
        return Describe(pod, new ServiceInstance
        {
            Name = pod.Metadata.Name,
            Health = pod.Metadata.DeletionTimestamp is null ? InstanceHealth.Pending : InstanceHealth.Terminating,
            Reason = trouble?.Reason ?? "NotInEndpoints",
            Message = trouble is { } known ? known.Message : "no Service selects it, or the cluster has not listed it yet",
            Address = pod.Status.PodIp,
            Node = pod.Spec.NodeName,
        });
    }

    private static ServiceInstance Describe(PodView? pod, ServiceInstance instance) => pod is null
        ? instance
        : instance with
        {
            Version = pod.Spec.Containers is [var main, ..] ? ImageVersion.Of(main.Image) : null,
            Restarts = pod.Status.ContainerStatuses.Sum(container => container.RestartCount),
            Created = pod.Metadata.CreationTimestamp,
        };

    private static InstanceHealth HealthOf(InstanceState state) => state switch
    {
        InstanceState.Healthy => InstanceHealth.Serving,
        InstanceState.NotReady => InstanceHealth.NotReady,
        InstanceState.Unhealthy => InstanceHealth.Unhealthy,
        InstanceState.Flapping => InstanceHealth.Flapping,
        InstanceState.Preserved => InstanceHealth.Preserved,
        _ => InstanceHealth.Terminating,
    };
}

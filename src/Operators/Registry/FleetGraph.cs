using System.Text.Json;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Cluster;
using Operators.Registry.Baseline;

namespace Operators.Registry;

/// <summary>
/// The dependency graph of the declared services, read from the caches' indexes. Looks at a service's surroundings, never at the whole fleet.
/// </summary>
/// <param name="caches">What is declared.</param>
/// <param name="proposed">Declarations that stand in for those in the caches, for previews; null for none.</param>
public sealed class FleetGraph(FleetCaches caches, IReadOnlyDictionary<ObjectKey, ManagedService>? proposed = null)
{
    /// <summary>A service by its key; null when it is not declared.</summary>
    public ManagedService? Find(ObjectKey key) =>
        proposed is not null && proposed.TryGetValue(key, out var service) ? service : caches.Services.Cache.Find(key);

    /// <summary>The services that depend on this one.</summary>
    public IReadOnlyList<ManagedService> CallersOf(ObjectKey service)
    {
        var declared = caches.ServicesByDependency.Get(service.ToString());
        return proposed is null
            ? declared
            : [
                .. declared.Where(caller => !proposed.ContainsKey(caller.Metadata.Key)),
                .. proposed.Values.Where(caller => caller.Spec.DependsOn.Any(dependency => dependency.KeyFrom(caller) == service)),
            ];
    }

    /// <summary>Everything that the objects of a service are planned from.</summary>
    public ServiceSnapshot Snapshot(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return new(
            service,
            [.. CallersOf(service.Metadata.Key).Where(caller => caller.Metadata.Key != service.Metadata.Key).Select(Neighbour)],
            [.. service.Spec.DependsOn.Select(dependency => Find(dependency.KeyFrom(service))).OfType<ManagedService>().DistinctBy(s => s.Metadata.Key).Select(Neighbour)],
            new ClusterFeatures(caches.Serves(KnownResources.ServiceMonitors), caches.Serves(KnownResources.PrometheusRules)));
    }

    /// <summary>
    /// A way from the service over its dependencies back to itself: the services on it, beginning and ending with this one. Null when there is none.
    /// </summary>
    public IReadOnlyList<ObjectKey>? FindCycle(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var start = service.Metadata.Key;
        var reachedFrom = new Dictionary<ObjectKey, ObjectKey>();
        var pending = new Queue<ManagedService>([service]);
        while (pending.TryDequeue(out var at))
        {
            foreach (var next in at.Spec.DependsOn.Select(dependency => dependency.KeyFrom(at)))
            {
                if (next == start)
                {
                    return WayBack(at.Metadata.Key, start, reachedFrom);
                }

                if (reachedFrom.TryAdd(next, at.Metadata.Key) && Find(next) is { } known)
                {
                    pending.Enqueue(known);
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The other services whose objects or validity a change of this one may touch: its neighbours, when what they see of it changed, and
    /// whoever is on a cycle with it, before or after.
    /// </summary>
    public IEnumerable<ObjectKey> Affected(CacheChange<ManagedService> change)
    {
        if (change is { Old: { } before, New: { } after } && SameToOthers(before, after))
        {
            return [];
        }

        var self = change.Key;
        var affected = CallersOf(self).Select(caller => caller.Metadata.Key).ToHashSet();
        foreach (var version in (ManagedService?[])[change.Old, change.New])
        {
            if (version is not null)
            {
                affected.UnionWith(version.Spec.DependsOn.Select(dependency => dependency.KeyFrom(version)));
                affected.UnionWith(FindCycle(version) ?? []);
            }
        }

        affected.Remove(self);
        return affected;
    }

    /// <summary>How others on the network see a service.</summary>
    private Neighbour Neighbour(ManagedService service)
    {
        if (service.Spec.Workload is { } workload)
        {
            return new(
                service.Metadata.Key,
                BaselineMetadata.PodSelector(service).AsReadOnly(),
                [.. WorkloadPorts.Of(workload).Select(port => new NeighbourPort(port.Target(), port.Protocol))]);
        }

        var reference = service.Spec.WorkloadRef!;
        var view = caches.ForeignWorkload(new(reference.Kind, new(service.Metadata.Namespace, reference.Name)))?.Read<WorkloadView>();
        return new(service.Metadata.Key, view?.Spec.Selector?.MatchLabels, PortsOf(view));
    }

    private static IReadOnlyList<NeighbourPort> PortsOf(WorkloadView? workload)
    {
        var template = workload?.Spec.Template?.Deserialize<V1PodTemplateSpec>(KubeJson.Options);
        return [.. (template?.Spec?.Containers ?? [])
            .SelectMany(container => container.Ports ?? [])
            .Select(port => new NeighbourPort(port.ContainerPort, port.Protocol ?? "TCP"))
            .Distinct()];
    }

    private static bool SameToOthers(ManagedService before, ManagedService after) =>
        before.Metadata.Uid == after.Metadata.Uid
        && before.Spec.DependsOn.SequenceEqual(after.Spec.DependsOn)
        && before.Spec.WorkloadRef == after.Spec.WorkloadRef
        && before.Spec.Workload is null == after.Spec.Workload is null
        && (before.Spec.Workload?.Ports ?? []).SequenceEqual(after.Spec.Workload?.Ports ?? [])
        && SameLabels(before.Spec.Workload?.Selector, after.Spec.Workload?.Selector);

    private static bool SameLabels(IReadOnlyDictionary<string, string>? a, IReadOnlyDictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a is null || a.All(pair => b!.TryGetValue(pair.Key, out var value) && value == pair.Value));

    private static List<ObjectKey> WayBack(ObjectKey last, ObjectKey start, Dictionary<ObjectKey, ObjectKey> reachedFrom)
    {
        List<ObjectKey> way = [start];
        for (var at = last; at != start; at = reachedFrom[at])
        {
            way.Insert(0, at);
        }

        way.Insert(0, start);
        return way;
    }
}

using System.Text.Json;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using k8s.Models;
using Operators.Cluster;
using Operators.Registry.Baseline;
using Operators.Rollouts;
using Operators.Traffic;

namespace Operators.Registry;

/// <summary>
/// The dependency graph of the declared services, read from the caches' indexes. Looks at a service's surroundings, never at the whole fleet.
/// </summary>
/// <param name="caches">What is declared.</param>
/// <param name="proposed">Declarations that stand in for those in the caches, for previews; null for none.</param>
public sealed class FleetGraph(FleetCaches caches, FleetProposal? proposed = null)
{
    /// <summary>A service by its key; null when it is not declared.</summary>
    public ManagedService? Find(ObjectKey key) =>
        proposed is not null && proposed.Services.TryGetValue(key, out var service) ? service : caches.Services.Cache.Find(key);

    /// <summary>What all valid policies that reach a service say together.</summary>
    public EffectivePolicy EffectiveOf(ManagedService service) => caches.Policies.EffectiveOf(service, proposed?.Policies);

    /// <summary>The services that depend on this one.</summary>
    public IReadOnlyList<ManagedService> CallersOf(ObjectKey service)
    {
        var declared = caches.ServicesByDependency.Get(service.ToString());
        return proposed is null
            ? declared
            : [
                .. declared.Where(caller => !proposed.Services.ContainsKey(caller.Metadata.Key)),
                .. proposed.Services.Values.Where(caller => caller.Spec.DependsOn.Any(dependency => dependency.KeyFrom(caller) == service)),
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
            new ClusterFeatures(caches.Serves(KnownResources.ServiceMonitors), caches.Serves(KnownResources.PrometheusRules)))
        {
            Sides = WorkloadSides.Of(service, caches),
            Access = NetworkAccess.Of(service, EffectiveOf(service).Traffic.Access, key => Find(key) is { } caller ? Neighbour(caller) : null),
        };
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
    /// The other services whose objects or validity a change of this one touches: callers that see another service than before, dependencies
    /// that see another caller, and whoever is on a cycle with it, before or after. Nobody at start, when every service is looked at anyway.
    /// </summary>
    public IEnumerable<ObjectKey> Affected(CacheChange<ManagedService> change)
    {
        if (change.Initial)
        {
            return [];
        }

        var (before, after) = (Dependencies(change.Old), Dependencies(change.New));
        var view = Compare(change.Old is { } old ? Neighbour(old) : null, change.New is { } now ? Neighbour(now) : null);
        var affected = new HashSet<ObjectKey>();
        if (view != Difference.None)
        {
            affected.UnionWith(CallersOf(change.Key).Select(caller => caller.Metadata.Key));
        }

        if (view == Difference.Pods)
        {
            affected.UnionWith([.. before, .. after, .. AdmittersOf(change.Key)]);
        }

        if (!before.SetEquals(after))
        {
            affected.UnionWith(before.Except(after).Concat(after.Except(before)));
            affected.UnionWith([.. OnCyclesThrough(change.Key, before), .. OnCyclesThrough(change.Key, after)]);
        }

        affected.Remove(change.Key);
        return affected;
    }

    /// <summary>
    /// The services that a change of a workload that others run concerns: those that adopt it, and their neighbours when the network sees
    /// other pods or ports than before.
    /// </summary>
    public IEnumerable<ObjectKey> Affected(WorkloadKey workload, CacheChange<LiveObject> change)
    {
        var adopters = change.Initial ? [] : caches.ServicesByWorkloadRef.Get(workload.ToString());
        var affected = adopters.Select(adopter => adopter.Metadata.Key).ToHashSet();
        if (adopters.Count == 0 || (change is { Old: { } old, New: { } now } && old.Metadata.Generation == now.Metadata.Generation))
        {
            return affected; // mere status
        }

        foreach (var adopter in adopters)
        {
            var key = adopter.Metadata.Key;
            var view = Compare(Adopted(key, change.Old), Adopted(key, change.New));
            if (view != Difference.None)
            {
                affected.UnionWith(CallersOf(key).Select(caller => caller.Metadata.Key));
            }

            if (view == Difference.Pods)
            {
                affected.UnionWith([.. Dependencies(adopter), .. AdmittersOf(key)]);
            }
        }

        return affected;
    }

    /// <summary>The services whose policies let this one in by its name.</summary>
    public IEnumerable<ObjectKey> AdmittersOf(ObjectKey caller) =>
        caches.Policies.TrafficByCaller.Get(caller.ToString()).SelectMany(policy => PolicyReach.Of(caches, policy)).Select(static service => service.Metadata.Key).Distinct();

    /// <summary>How others on the network see a service.</summary>
    public Neighbour Neighbour(ManagedService service)
    {
        if (service.Spec.Workload is { } workload)
        {
            return new(
                service.Metadata.Key,
                BaselineMetadata.PodSelector(service).AsReadOnly(),
                [.. WorkloadPorts.Targets(workload)]);
        }

        return Adopted(service.Metadata.Key, caches.ForeignWorkload(FleetCaches.WorkloadKeyOf(service)));
    }

    private static Neighbour Adopted(ObjectKey service, LiveObject? workload)
    {
        var view = workload?.Read<WorkloadView>();
        return new(service, view?.Spec.Selector?.MatchLabels, PortsOf(view));
    }

    private static IReadOnlyList<PodPort> PortsOf(WorkloadView? workload)
    {
        var template = workload?.Spec.Template?.Deserialize<V1PodTemplateSpec>(KubeJson.Options);
        return [.. (template?.Spec?.Containers ?? [])
            .SelectMany(container => container.Ports ?? [])
            .Select(port => new PodPort(port.ContainerPort, port.Protocol ?? "TCP"))
            .Distinct()];
    }

    private static HashSet<ObjectKey> Dependencies(ManagedService? service) =>
        service?.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service)).ToHashSet() ?? [];

    /// <summary>The services on ways from this one, by these dependencies of it, back to itself.</summary>
    private HashSet<ObjectKey> OnCyclesThrough(ObjectKey start, HashSet<ObjectKey> dependencies)
    {
        var ahead = Reach(dependencies, key => key == start ? [] : Dependencies(Find(key)));
        return ahead.Contains(start)
            ? Reach([start], key => CallersOf(key).Select(caller => caller.Metadata.Key).Where(ahead.Contains))
            : [];
    }

    private static HashSet<ObjectKey> Reach(IEnumerable<ObjectKey> from, Func<ObjectKey, IEnumerable<ObjectKey>> next)
    {
        var reached = from.ToHashSet();
        var pending = new Queue<ObjectKey>(reached);
        while (pending.TryDequeue(out var at))
        {
            foreach (var key in next(at).Where(reached.Add))
            {
                pending.Enqueue(key);
            }
        }

        return reached;
    }

    private static Difference Compare(Neighbour? before, Neighbour? after) => (before, after) switch
    {
        (null, null) => Difference.None,
        (null, _) or (_, null) => Difference.Pods,
        _ when !SameLabels(before.PodLabels, after.PodLabels) => Difference.Pods,
        _ => before.Ports.SequenceEqual(after.Ports) ? Difference.None : Difference.Ports,
    };

    private static bool SameLabels(IReadOnlyDictionary<string, string>? a, IReadOnlyDictionary<string, string>? b) => a is null || b is null
        ? a is null && b is null
        : a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var value) && value == pair.Value);

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

    /// <summary>What of a service looks different from the other end of a dependency.</summary>
    private enum Difference
    {
        None,
        Ports,
        Pods,
    }
}

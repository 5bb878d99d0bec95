using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic;
using Microsoft.Extensions.Logging;
using Operators.Cluster;
using Operators.Registry;
using Operators.Traffic.Providers;

namespace Operators.Traffic;

/// <summary>Says which changes make the traffic operator look at which service.</summary>
public static class TrafficController
{
    /// <summary>Makes the controller.</summary>
    public static Controller Build(
        FleetCaches caches,
        FleetGraph graph,
        WriteTracker tracker,
        TrafficReconciler reconciler,
        RuntimeMetrics metrics,
        IEnumerable<IReconcileObserver> observers,
        TimeProvider time,
        ILogger<Controller> logger)
    {
        ArgumentNullException.ThrowIfNull(caches);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(tracker);
        var builder = new ControllerBuilder("traffic")
            .For(caches.Services, Changes.OfDeclaration)
            .Watches(caches.Services, change => SeenFrom(graph, change))
            .Watches(caches.Policies.Traffic, change => PolicyReach.OfChange<TrafficPolicy, TrafficPolicySpec>(caches, change))
            .Watches(caches.Policies.RateLimits, change => PolicyReach.OfChange<RateLimitPolicy, RateLimitPolicySpec>(caches, change))
            .Watches(caches.Policies.Circuits, change => PolicyReach.OfChange<CircuitPolicy, CircuitPolicySpec>(caches, change))
            .Watches(caches.Rollouts, SplitBy)
            .Watches(caches.CustomResourceDefinitions, change => IsDataPlane(change) ? caches.Services.Cache.Snapshot().Select(static service => service.Metadata.Key) : []);
        builder.Watches(caches.ForeignServices, change => change.Initial ? [] : caches.ServicesByFront.Get(change.Key.ToString()).Select(static service => service.Metadata.Key));
        foreach (var workload in caches.ForeignWorkloadInformers)
        {
            builder.Watches(workload, change => SeenFrom(caches, graph, new WorkloadKey(workload.Type.Kind, change.Key), change));
        }

        foreach (var owned in caches.TrafficObjects.Informers)
        {
            tracker.Follow(owned);
            builder.Owns(owned, ManagedService.ResourceType, change => !tracker.IsEcho(owned.Type, change) && Changes.OfDeclaration(change));
        }

        return builder.Build(reconciler, metrics, observers, time, logger);
    }

    /// <summary>
    /// Those that have the service in their lists of callers: those that it depends on now or did before, and, where it appears, goes, or runs as
    /// somebody else, those that let it in by its name.
    /// </summary>
    internal static IEnumerable<ObjectKey> SeenFrom(FleetGraph graph, CacheChange<ManagedService> change)
    {
        if (change.Initial)
        {
            return [];
        }

        var (before, after) = (DependenciesOf(change.Old), DependenciesOf(change.New));
        if (Identity(change.Old) == Identity(change.New))
        {
            before.SymmetricExceptWith(after);
            return before;
        }

        before.UnionWith([.. after, .. graph.AdmittersOf(change.Key)]);
        return before;

        static (WorkloadReference? Adopted, string? Account) Identity(ManagedService? service) =>
            (service?.Spec.WorkloadRef, service is null ? null : TrafficPlanner.AccountOf(service, workload: null));
    }

    /// <summary>Services whose requests a rollout shares otherwise than before. Most of its changes are evidence and words.</summary>
    internal static IEnumerable<ObjectKey> SplitBy(CacheChange<CanaryRollout> change)
    {
        if (change.Initial)
        {
            return []; // at start every service is looked at anyway
        }

        var splits = Splits(change.Old);
        splits.SymmetricExceptWith(Splits(change.New));
        return splits.Select(static split => split.Service).Distinct();

        static HashSet<(ObjectKey Service, TrafficSplit? Split)> Splits(CanaryRollout? rollout) =>
            [.. (rollout?.Status?.Members ?? []).Select(member => new ObjectKey(rollout!.Metadata.Namespace, member.Service)).Select(service => (service, TrafficSplit.Of(rollout!, service)))];
    }

    /// <summary>Services that adopt a workload whose pods or account changed, and those that have them in their lists of callers.</summary>
    private static IEnumerable<ObjectKey> SeenFrom(FleetCaches caches, FleetGraph graph, WorkloadKey key, CacheChange<LiveObject> change)
    {
        if (change.Initial || (change is { Old: { } old, New: { } now } && old.Metadata.Generation == now.Metadata.Generation))
        {
            return []; // at start every service is looked at anyway; and status says nothing of who calls
        }

        var adopters = caches.ServicesByWorkloadRef.Get(key.ToString());
        return adopters.SelectMany(adopter => (IEnumerable<ObjectKey>)[adopter.Metadata.Key, .. DependenciesOf(adopter), .. graph.AdmittersOf(adopter.Metadata.Key)]).Distinct();
    }

    private static HashSet<ObjectKey> DependenciesOf(ManagedService? service) => service?.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service)).ToHashSet() ?? [];

    private static bool IsDataPlane(CacheChange<DefinitionView> change) =>
        !change.Initial && (change.Old is null || change.New is null) && ProviderChoice.Concerns(change.Key.Name);
}

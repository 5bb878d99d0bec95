using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic;
using Microsoft.Extensions.Logging;
using Operators.Cluster;
using Operators.Traffic;

namespace Operators.Registry;

/// <summary>Says which changes make the registry look at which service.</summary>
public static class RegistryController
{
    /// <summary>Beyond 16 writes at once an API server does not get faster (facts of tests/Performance).</summary>
    private const int Workers = 16;

    /// <summary>Makes the controller.</summary>
    public static Controller Build(
        FleetCaches caches,
        FleetGraph graph,
        ProviderChoice choice,
        WriteTracker tracker,
        ServiceReconciler reconciler,
        RuntimeMetrics metrics,
        IEnumerable<IReconcileObserver> observers,
        TimeProvider time,
        ILogger<Controller> logger)
    {
        ArgumentNullException.ThrowIfNull(caches);
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(tracker);
        var builder = new ControllerBuilder("registry")
            .WithWorkers(Workers)
            .For(caches.Services, Changes.OfDeclaration)
            .Watches(caches.Services, graph.Affected)
            .Watches(caches.Policies.Traffic, change => PolicyReach.OfChange<TrafficPolicy, TrafficPolicySpec>(caches, change))
            .Watches(caches.Policies.RateLimits, change => Annotates(choice) ? PolicyReach.OfChange<RateLimitPolicy, RateLimitPolicySpec>(caches, change) : [])
            .Watches(caches.Policies.Circuits, change => Annotates(choice) ? PolicyReach.OfChange<CircuitPolicy, CircuitPolicySpec>(caches, change) : [])
            .Watches(caches.Rollouts, MembersMoved)
            .Watches(caches.Revisions, change => change.Initial || FleetCaches.ServiceOf(change.Latest) is not { } service ? [] : [service])
            .Watches(caches.Pods, change => ServicesOf(caches, change));
        foreach (var owned in caches.OwnedInformers)
        {
            tracker.Follow(owned);
            builder.Owns(owned, ManagedService.ResourceType, change => IsNews(owned.Type, tracker, change));
        }

        foreach (var workload in caches.ForeignWorkloadInformers)
        {
            builder.Watches(workload, change => graph.Affected(new WorkloadKey(workload.Type.Kind, change.Key), change));
        }

        builder.Watches(caches.ForeignServices, change => change.Initial ? [] : Behind(caches, change.Key));

        builder.Watches(caches.CustomResourceDefinitions, change => IsOptionalKind(change) ? AllKeys(caches) : []);
        return builder.Build(reconciler, metrics, observers, time, logger);
    }

    /// <summary>Not the echo of our own write; and of kinds whose status nobody here reads, only what was declared.</summary>
    private static bool IsNews(ResourceType type, WriteTracker tracker, CacheChange<LiveObject> change)
    {
        if (tracker.IsEcho(type, change))
        {
            return false;
        }

        var countsGenerations = change.Latest.Metadata.Generation > 0;
        return type == KnownResources.Deployments || !countsGenerations || Changes.OfDeclaration(change);
    }

    /// <summary>The services of a rollout that came or went, or says something else of what they run.</summary>
    private static IEnumerable<ObjectKey> MembersMoved(CacheChange<CanaryRollout> change)
    {
        if (change.Initial)
        {
            return [];
        }

        var (before, after) = (Moves(change.Old), Moves(change.New));
        return before.Keys.Union(after.Keys).Where(service => !before.TryGetValue(service, out var old) || !after.TryGetValue(service, out var now) || old != now)
            .Select(service => new ObjectKey(change.Key.Namespace, service));

        static Dictionary<string, (string?, string?, int, int?)> Moves(CanaryRollout? rollout) => (rollout?.Spec.Members ?? [])
            .Select(member => rollout!.Status?.Members.FirstOrDefault(said => said.Service == member.Service) ?? new MemberStatus { Service = member.Service })
            .DistinctBy(static said => said.Service)
            .ToDictionary(static said => said.Service, static said => (said.Stable, said.Declared, said.CanaryInstances, said.StableFloor));
    }

    private static IEnumerable<ObjectKey> ServicesOf(FleetCaches caches, CacheChange<PodView> change)
    {
        if (change.Initial || change.Latest.Workload is not { } workload)
        {
            return []; // at start every service is looked at anyway
        }

        return workload.Kind == "Deployment" && caches.Owned(KnownResources.Deployments).Cache.Find(workload.Key) is { } deployment
            ? FleetCaches.ServiceOf(deployment) is { } service ? [service] : []
            : Adopters(caches, workload);
    }

    private static IEnumerable<ObjectKey> Adopters(FleetCaches caches, WorkloadKey workload) =>
        caches.ServicesByWorkloadRef.Get(workload.ToString()).Select(service => service.Metadata.Key);

    private static IEnumerable<ObjectKey> Behind(FleetCaches caches, ObjectKey front) =>
        caches.ServicesByFront.Get(front.ToString()).Select(service => service.Metadata.Key);

    /// <summary>Settings of data planes that read them from a Service come and go with every kind of policy.</summary>
    private static bool Annotates(ProviderChoice choice) => choice.Current is { AnnotatesFronts: true };

    /// <summary>A kind that services use where it is served came or went, or that decides which data plane there is: every service gains or loses something.</summary>
    private static bool IsOptionalKind(CacheChange<DefinitionView> change) =>
        !change.Initial
        && (change.Old is null || change.New is null)
        && (OwnedKinds.WhereServed.Any(type => type.QualifiedName == change.Key.Name) || ProviderChoice.Concerns(change.Key.Name));

    private static IEnumerable<ObjectKey> AllKeys(FleetCaches caches) => caches.Services.Cache.Snapshot().Select(service => service.Metadata.Key);
}

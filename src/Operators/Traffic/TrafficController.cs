using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Microsoft.Extensions.Logging;
using Operators.Cluster;

namespace Operators.Traffic;

/// <summary>Says which changes make the traffic operator look at which service.</summary>
public static class TrafficController
{
    /// <summary>Makes the controller.</summary>
    public static Controller Build(
        FleetCaches caches,
        WriteTracker tracker,
        TrafficReconciler reconciler,
        RuntimeMetrics metrics,
        IEnumerable<IReconcileObserver> observers,
        TimeProvider time,
        ILogger<Controller> logger)
    {
        ArgumentNullException.ThrowIfNull(caches);
        ArgumentNullException.ThrowIfNull(tracker);
        var builder = new ControllerBuilder("traffic")
            .For(caches.Services, Changes.OfDeclaration)
            .Watches(caches.Services, Dependencies)
            .Watches(caches.Policies.Traffic, change => PolicyReach.OfChange<TrafficPolicy, TrafficPolicySpec>(caches, change))
            .Watches(caches.Policies.RateLimits, change => PolicyReach.OfChange<RateLimitPolicy, RateLimitPolicySpec>(caches, change))
            .Watches(caches.Policies.Circuits, change => PolicyReach.OfChange<CircuitPolicy, CircuitPolicySpec>(caches, change))
            .Watches(caches.CustomResourceDefinitions, change => IsDataPlane(change) ? caches.Services.Cache.Snapshot().Select(static service => service.Metadata.Key) : []);
        foreach (var owned in caches.TrafficObjects.Informers)
        {
            tracker.Follow(owned);
            builder.Owns(owned, ManagedService.ResourceType, change => !tracker.IsEcho(owned.Type, change) && Changes.OfDeclaration(change));
        }

        return builder.Build(reconciler, metrics, observers, time, logger);
    }

    /// <summary>A service that calls another is in the other's list of callers.</summary>
    private static IEnumerable<ObjectKey> Dependencies(CacheChange<ManagedService> change)
    {
        if (change.Initial)
        {
            return [];
        }

        var (before, after) = (Of(change.Old), Of(change.New));
        before.SymmetricExceptWith(after);
        return before;

        static HashSet<ObjectKey> Of(ManagedService? service) => service?.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service)).ToHashSet() ?? [];
    }

    private static bool IsDataPlane(CacheChange<DefinitionView> change) =>
        !change.Initial && (change.Old is null || change.New is null) && ProviderChoice.Concerns(change.Key.Name);
}

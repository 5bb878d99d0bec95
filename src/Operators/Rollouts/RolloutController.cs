using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.Logging;
using Operators.Cluster;

namespace Operators.Rollouts;

/// <summary>Says which changes make the rollout operator look at which rollout.</summary>
internal static class RolloutController
{
    private const int Workers = 8;

    public static Controller Build(
        FleetCaches caches, WriteTracker tracker, RolloutReconciler reconciler, RuntimeMetrics metrics, IEnumerable<IReconcileObserver> observers, TimeProvider time, ILogger<Controller> logger)
    {
        tracker.Follow(caches.Rollouts);
        tracker.Follow(caches.Revisions);
        return new ControllerBuilder("rollouts")
            .WithWorkers(Workers)
            .For(caches.Rollouts, Changes.OfDeclaration)
            .Watches(caches.Rollouts, change => change.Initial || !Changes.OfDeclaration(change) ? [] : Neighbours(caches, change))
            .Watches(caches.Services, change => change.Initial || !Changes.OfDeclaration(change) ? [] : Of(caches, change.Key))
            .Watches(caches.Owned(KnownResources.Deployments), change => change.Initial || FleetCaches.ServiceOf(change.Latest) is not { } service ? [] : Of(caches, service))
            .Watches(caches.Revisions, change => change is { Initial: false, New: null } && FleetCaches.ServiceOf(change.Latest) is { } service ? Of(caches, service) : [])
            .Watches(caches.Pods, change => change.Initial ? [] : OfCanary(caches, change))
            .Build(reconciler, metrics, observers, time, logger);
    }

    private static IEnumerable<ObjectKey> Of(FleetCaches caches, ObjectKey service) =>
        caches.RolloutsByMember.Get(service.ToString()).Select(static rollout => rollout.Metadata.Key);

    /// <summary>Other rollouts of the same services: one may be in charge now that was not before.</summary>
    private static IEnumerable<ObjectKey> Neighbours(FleetCaches caches, CacheChange<CanaryRollout> change) =>
        new[] { change.Old, change.New }.SelectMany(rollout => rollout?.Spec.Members ?? [])
            .SelectMany(member => Of(caches, new(change.Key.Namespace, member.Service)))
            .Where(other => other != change.Key)
            .Distinct();

    private static IEnumerable<ObjectKey> OfCanary(FleetCaches caches, CacheChange<PodView> change) =>
        change.Latest.Workload is { Kind: "Deployment", Key: var key }
            && key.Name.EndsWith(WorkloadSides.CanarySuffix, StringComparison.Ordinal)
            && caches.Owned(KnownResources.Deployments).Cache.Find(key) is { } deployment
            && FleetCaches.ServiceOf(deployment) is { } service
            ? Of(caches, service)
            : [];
}

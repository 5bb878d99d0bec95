using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using k8s.Models;
using Operators.Cluster;

namespace Operators.Registry;

/// <summary>
/// Keeps the cluster as the services are declared: validate, plan, apply, observe, and one status write at the end. Can be cut off at any line:
/// the next run starts from the whole state.
/// </summary>
public sealed class ServiceReconciler(
    FleetCaches caches,
    BaselinePlanner planner,
    ServiceValidator validator,
    Applier applier,
    StatusWriter statusWriter,
    WriteTracker tracker,
    ChangeTeller teller,
    TimeProvider time) : IReconciler
{
    /// <summary>Our own write travels back to us within milliseconds; this is for when it does not.</summary>
    private static readonly TimeSpan EchoPatience = TimeSpan.FromMilliseconds(50);

    private readonly UnseenStatuses<ManagedService, ManagedServiceStatus> _unseen = new(caches.Services, tracker, static (service, status) => service with { Status = status });

    /// <summary>Repairs that no status has counted yet, because the pass that made them ended without one.</summary>
    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<AppliedChange>> _uncounted = [];

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Services.Cache.Find(request.Key) is not { Metadata.DeletionTimestamp: null } cached)
        {
            _uncounted.TryRemove(request.Key, out _);
            return ReconcileResult.Done; // the cluster collects what it owned, by owner reference
        }

        var service = _unseen.WithFreshest(cached);
        var seen = new ServiceObservation { Service = service, Problems = validator.Check(service) };
        if (seen.Problems.Count == 0)
        {
            seen = await ApplyAsync(seen, cancellationToken);
            teller.Tell(service, seen.Changes, request.Cause);
            seen = WithUncounted(seen);
        }

        if (IsWorkloadStale(seen))
        {
            return ReconcileResult.After(EchoPatience); // the status would tell the time before our last write, and nothing would correct it
        }

        seen = Observe(seen);
        var status = ServiceStatusPlanner.Plan(seen, time.GetUtcNow());
        TellTransition(service, status);
        if (await statusWriter.WriteAsync(ManagedService.ResourceType, service, status, cancellationToken))
        {
            _unseen.Wrote(request.Key, status);
        }

        _uncounted.TryRemove(request.Key, out _);
        return seen.Failures.Count > 0
            ? ReconcileResult.Failed(seen.Failures[0].Problem, seen.Failures.Max(failure => failure.RetryAfter))
            : ReconcileResult.Done;
    }

    private async Task<ServiceObservation> ApplyAsync(ServiceObservation seen, CancellationToken cancellationToken)
    {
        var service = seen.Service;
        var (objects, isHeld) = planner.PlanWithHold(service);
        var owner = new OwnerReference { Kind = ManagedService.ResourceType.Kind, Name = service.Metadata.Name, Uid = service.Metadata.Uid ?? "" };
        var result = await applier.ApplyAsync(
            owner, objects, isHeld ? WithoutWorkloads(caches.OwnedBy(service.Metadata.Key)) : caches.OwnedBy(service.Metadata.Key), service.Spec.Workload?.TakeOver == true, cancellationToken);
        return seen with { Objects = objects, Failures = result.Failures, Changes = result.Changes };
    }

    /// <summary>While a rollout has not said what should run, what runs is neither changed nor taken for something that is declared no longer.</summary>
    private static List<(ResourceType Type, LiveObject Object)> WithoutWorkloads(IEnumerable<(ResourceType Type, LiveObject Object)> owned) =>
        [.. owned.Where(static item => item.Type != KnownResources.Deployments)];

    /// <summary>Adds the repairs of passes before this one, and keeps all of them until a status is written.</summary>
    private ServiceObservation WithUncounted(ServiceObservation seen)
    {
        var key = seen.Service.Metadata.Key;
        IReadOnlyList<AppliedChange> changes = [.. _uncounted.GetValueOrDefault(key, []), .. seen.Changes];
        if (changes.Where(change => change.Action is ChangeAction.Repaired).ToList() is { Count: > 0 } repairs)
        {
            _uncounted[key] = [.. repairs.Select(repair => repair with { Stored = default })]; // what was stored then may be old news by the next pass
        }

        return seen with { Changes = changes };
    }

    private ServiceObservation Observe(ServiceObservation seen)
    {
        var workload = FleetCaches.WorkloadKeyOf(seen.Service);
        return seen with
        {
            Workload = Freshest<WorkloadView>(seen, KnownResources.Deployments, caches.WorkloadOf(seen.Service)),
            Pods = caches.PodsByWorkload.Get(workload.ToString()),
            Front = FrontOf(seen),
        };
    }

    private ServiceFront? FrontOf(ServiceObservation seen)
    {
        var front = Freshest<V1Service>(seen, KnownResources.Services, caches.FrontOf(seen.Service));
        return front is null
            ? null
            : new(FleetCaches.FrontKey(seen.Service), [.. (front.Spec?.Ports ?? []).Select(port => new FrontPort(port.Port, Scheme(port)))]);
    }

    /// <summary>An object as this reconcile just stored it, else as the caches show it, else as it is planned.</summary>
    private static T? Freshest<T>(ServiceObservation seen, ResourceType type, LiveObject? cached)
        where T : class =>
        seen.Changes.LastOrDefault(change => change.Type == type && !change.Stored.IsEmpty) is { } change ? JsonSerializer.Deserialize<T>(change.Stored.Span, KubeJson.Options)
        : cached is not null ? cached.Read<T>()
        : seen.Objects.FirstOrDefault(item => item.Type == type) is { } planned ? JsonSerializer.Deserialize<T>(planned.Json.Span, KubeJson.Options)
        : null;

    private bool IsWorkloadStale(ServiceObservation seen) =>
        seen.Service.Spec.WorkloadRef is null
        && seen.Changes.All(change => change.Type != KnownResources.Deployments || change.Stored.IsEmpty)
        && caches.WorkloadOf(seen.Service) is { } cached
        && tracker.IsStale(KnownResources.Deployments, cached.Metadata.Key, cached.Metadata.ResourceVersion);

    private static string Scheme(V1ServicePort port) => (port.AppProtocol, port.Name) switch
    {
        ("http" or "https" or "grpc", _) => port.AppProtocol,
        (null, { } name) when name.StartsWith("grpc", StringComparison.Ordinal) => "grpc",
        (null, { } name) when name.StartsWith("http", StringComparison.Ordinal) => "http",
        _ => "tcp",
    };

    /// <summary>
    /// An event when the service stops or starts being accepted or ready, not one per pass. Of a service that has no status yet only bad news:
    /// that it is being made tells the event before.
    /// </summary>
    private void TellTransition(ManagedService service, ManagedServiceStatus status)
    {
        foreach (var type in (string[])[ManagedServiceConditions.Accepted, ManagedServiceConditions.Ready])
        {
            var (before, after) = (service.Status?.Conditions.Find(type), status.Conditions.Find(type)!);
            var good = after.Status == ConditionStatus.True;
            var severity = good || after.Reason == ManagedServiceConditions.Reasons.RollingOut ? EventSeverity.Normal : EventSeverity.Warning;
            if (before?.Status != after.Status && (before is not null || severity is EventSeverity.Warning))
            {
                teller.Note(service, severity, good ? type : after.Reason, "Observe", after.Message);
            }
        }
    }
}

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
    FleetGraph graph,
    ServiceValidator validator,
    Applier applier,
    StatusWriter statusWriter,
    WriteTracker tracker,
    EventRecorder events,
    IEnumerable<IChangeObserver> observers,
    TimeProvider time) : IReconciler
{
    /// <summary>Our own status write travels back to us within milliseconds; this is for when it does not.</summary>
    private static readonly TimeSpan EchoPatience = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Services.Cache.Find(request.Key) is not { Metadata.DeletionTimestamp: null } service)
        {
            return ReconcileResult.Done; // the cluster collects what it owned, by owner reference
        }

        if (tracker.IsStale(ManagedService.ResourceType, request.Key, service.Metadata.ResourceVersion))
        {
            return ReconcileResult.After(EchoPatience); // counters and transition times would be computed from an old status
        }

        var seen = new ServiceObservation { Service = service, Problems = validator.Check(service) };
        if (seen.Problems.Count == 0)
        {
            seen = await ApplyAsync(seen, cancellationToken);
            Tell(service, seen.Changes, request.Cause);
        }

        seen = Observe(seen);
        var status = ServiceStatusPlanner.Plan(seen, time.GetUtcNow());
        TellTransition(service, status);
        await statusWriter.WriteAsync(ManagedService.ResourceType, service, status, cancellationToken);

        return seen.Failures.Count > 0
            ? ReconcileResult.Failed(seen.Failures[0].Problem, seen.Failures.Max(failure => failure.RetryAfter))
            : ReconcileResult.Done;
    }

    private async Task<ServiceObservation> ApplyAsync(ServiceObservation seen, CancellationToken cancellationToken)
    {
        var service = seen.Service;
        var objects = ServicePlanner.Plan(graph.Snapshot(service));
        var owner = new OwnerReference { Kind = ManagedService.ResourceType.Kind, Name = service.Metadata.Name, Uid = service.Metadata.Uid ?? "" };
        var result = await applier.ApplyAsync(
            owner, objects, caches.OwnedBy(service.Metadata.Key), service.Spec.Workload?.TakeOver == true, cancellationToken);
        return seen with { Objects = objects, Failures = result.Failures, Changes = result.Changes };
    }

    private ServiceObservation Observe(ServiceObservation seen)
    {
        var workload = FleetCaches.WorkloadKeyOf(seen.Service);
        return seen with
        {
            Workload = caches.WorkloadOf(seen.Service)?.Read<WorkloadView>() ?? Planned<WorkloadView>(seen.Objects, KnownResources.Deployments),
            Pods = caches.PodsByWorkload.Get(workload.ToString()),
            Front = FrontOf(seen),
        };
    }

    private ServiceFront? FrontOf(ServiceObservation seen)
    {
        var front = caches.FrontOf(seen.Service)?.Read<V1Service>() ?? Planned<V1Service>(seen.Objects, KnownResources.Services);
        return front is null
            ? null
            : new(FleetCaches.FrontKey(seen.Service), [.. (front.Spec?.Ports ?? []).Select(port => new FrontPort(port.Port, Scheme(port)))]);
    }

    /// <summary>An object as we just made it, until the caches show it.</summary>
    private static T? Planned<T>(IReadOnlyList<DesiredObject> objects, ResourceType type)
        where T : class =>
        objects.FirstOrDefault(item => item.Type == type) is { } item ? JsonSerializer.Deserialize<T>(item.Json.Span, KubeJson.Options) : null;

    private static string Scheme(V1ServicePort port) => (port.AppProtocol, port.Name) switch
    {
        ("http" or "https" or "grpc", _) => port.AppProtocol,
        (null, { } name) when name.StartsWith("grpc", StringComparison.Ordinal) => "grpc",
        (null, { } name) when name.StartsWith("http", StringComparison.Ordinal) => "http",
        _ => "tcp",
    };

    private void Tell(ManagedService service, IReadOnlyList<AppliedChange> changes, string? cause)
    {
        foreach (var change in changes)
        {
            foreach (var observer in observers)
            {
                observer.Changed(service.Metadata.Key, change, cause);
            }

            if (change.Action is ChangeAction.Repaired)
            {
                var who = change.ForeignManager is { } manager ? $"field manager '{manager}'" : "somebody who is not on record";
                Note(service, EventSeverity.Warning, "DriftRepaired", "Apply", $"{who} had changed {string.Join(", ", change.Fields)} of {change.Type.Kind} {change.Key.Name}; it was put back");
            }
            else
            {
                Note(service, EventSeverity.Normal, change.Action.ToString(), "Apply", $"{change.Type.Kind} {change.Key.Name} was {Verb(change.Action)}");
            }
        }
    }

    private static string Verb(ChangeAction action) => action switch
    {
        ChangeAction.Created => "created",
        ChangeAction.TakenOver => "taken over",
        ChangeAction.Deleted => "deleted, as it is no longer declared",
        _ => "updated",
    };

    /// <summary>An event when the service stops or starts being accepted or ready, not one per pass.</summary>
    private void TellTransition(ManagedService service, ManagedServiceStatus status)
    {
        foreach (var type in (string[])[ManagedServiceConditions.Accepted, ManagedServiceConditions.Ready])
        {
            var (before, after) = (service.Status?.Conditions.Find(type), status.Conditions.Find(type)!);
            if (before?.Status != after.Status && !(before is null && after.Status == ConditionStatus.True && type == ManagedServiceConditions.Accepted))
            {
                var good = after.Status == ConditionStatus.True;
                var severity = good || after.Reason == ManagedServiceConditions.Reasons.RollingOut ? EventSeverity.Normal : EventSeverity.Warning;
                Note(service, severity, good ? type : after.Reason, "Observe", after.Message);
            }
        }
    }

    private void Note(ManagedService service, EventSeverity severity, string reason, string action, string note) =>
        events.Record(new(new(ManagedService.ResourceType, service.Metadata.Key, service.Metadata.Uid), severity, reason, action, note));
}

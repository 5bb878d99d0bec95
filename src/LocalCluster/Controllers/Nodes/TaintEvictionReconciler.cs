using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Controllers.Scheduling;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Nodes;

/// <summary>Deletes pods from nodes whose <c>NoExecute</c> taints they do not tolerate, or no longer.</summary>
/// <param name="caches">What is known of the cluster.</param>
/// <param name="writer">Writes.</param>
/// <param name="events">Tells people.</param>
/// <param name="time">Clock.</param>
internal sealed class TaintEvictionReconciler(WorkloadCaches caches, ObjectWriter writer, EventRecorder events, TimeProvider time) : IReconciler
{
    private const string NoExecute = "NoExecute";

    /// <summary>Says which changes make which pod be looked at.</summary>
    public ControllerBuilder Watch() =>
        new ControllerBuilder("tainteviction")
            .WithWorkers(2)
            .Watches(caches.Nodes, change => Tainted(change.Old) || Tainted(change.New)
                ? caches.PodsByNode.Get(change.Key.Name).Select(pod => pod.Metadata.Key)
                : [])
            .Watches(caches.Pods, change => change is { Old: null or { Spec.NodeName.Length: 0 }, New: { } pod } && Tainted(NodeOf(pod)) ? [change.Key] : []);

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Pods.Cache.Find(request.Key) is not { IsActive: true } pod || NodeOf(pod) is not { } node)
        {
            return ReconcileResult.Done;
        }

        var now = time.GetUtcNow();
        var due = node.Spec.Taints.Where(taint => taint.Effect == NoExecute).Select(taint => ToleratedUntil(pod, taint, now)).Min();
        if (due is null)
        {
            return ReconcileResult.Done;
        }

        if (due > now)
        {
            return ReconcileResult.After(due.Value - now);
        }

        // When no node is sound, the fault is likely on this side, and there is nowhere to go anyway.
        if (caches.Nodes.Cache.Snapshot().Any(other => other.IsReady))
        {
            await EvictAsync(pod, now, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private async Task EvictAsync(Pod pod, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var target = new StatusCondition
        {
            Type = "DisruptionTarget",
            Status = ConditionStatus.True,
            Reason = "DeletionByTaintManager",
            Message = "Taint manager: deleting due to NoExecute taint",
        };
        var note = $"Marking for deletion Pod {pod.Metadata.Key}";
        events.Record(new EventNote(
            new EventSubject(KnownResources.Pods, pod.Metadata.Key, pod.Metadata.Uid), EventSeverity.Normal, "TaintManagerEviction", "Evicting", note));
        var status = pod.Status with { Conditions = pod.Status.Conditions.Set(target, now) };
        await writer.WriteStatusAsync(KnownResources.Pods, pod.Metadata, pod.Status, status, cancellationToken);
        await writer.DeleteAsync(KnownResources.Pods, pod.Metadata, gracePeriod: null, cancellationToken);
    }

    /// <summary>Until when the pod may stay; null for ever.</summary>
    private static DateTimeOffset? ToleratedUntil(Pod pod, V1Taint taint, DateTimeOffset now)
    {
        var covering = pod.Spec.Tolerations.Where(toleration => TaintRule.Covers(toleration, taint)).ToList();
        if (covering.Count == 0)
        {
            return now;
        }

        var since = taint.TimeAdded is { } added ? new DateTimeOffset(DateTime.SpecifyKind(added, DateTimeKind.Utc)) : now;
        return covering.Min(toleration => toleration.TolerationSeconds) is { } seconds ? since.AddSeconds(Math.Max(0, seconds)) : null;
    }

    private Node? NodeOf(Pod pod) => caches.Nodes.Cache.Find(new ObjectKey("", pod.Spec.NodeName));

    private static bool Tainted(Node? node) => node is not null && node.Spec.Taints.Any(taint => taint.Effect == NoExecute);
}

using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Autoscaling;

/// <summary>Carries out what <see cref="AutoscalerPlanner"/> plans.</summary>
/// <param name="caches">What is known of the cluster.</param>
/// <param name="targets">Finds what autoscalers scale.</param>
/// <param name="writer">Writes.</param>
/// <param name="events">Tells people.</param>
/// <param name="time">Clock.</param>
internal sealed class AutoscalerReconciler(
    WorkloadCaches caches, ScaleTargets targets, ObjectWriter writer, EventRecorder events, TimeProvider time) : IReconciler
{
    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Autoscalers.Cache.Find(request.Key) is not { Metadata.DeletionTimestamp: null } autoscaler)
        {
            return ReconcileResult.Done;
        }

        var target = targets.Of(autoscaler);
        var plan = AutoscalerPlanner.Plan(autoscaler, target?.Replicas, time.GetUtcNow());
        if (plan.Replicas is { } replicas && target is not null)
        {
            var change = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } };
            await writer.PatchSubresourceAsync(target.Type, target.Key, "scale", change, cancellationToken);
            Tell(
                autoscaler,
                EventSeverity.Normal,
                "SuccessfulRescale",
                string.Create(CultureInfo.InvariantCulture, $"New size: {replicas}; reason: {plan.Reason}"));
        }

        if (plan.Problem is { } problem)
        {
            Tell(autoscaler, EventSeverity.Warning, problem.Reason, problem.Message);
        }

        await writer.WriteStatusAsync(
            KnownResources.HorizontalPodAutoscalers, autoscaler.Metadata, autoscaler.Status, plan.Status, cancellationToken);
        return ReconcileResult.Done;
    }

    private void Tell(HorizontalPodAutoscaler autoscaler, EventSeverity severity, string reason, string note) => events.Record(new EventNote(
        new EventSubject(KnownResources.HorizontalPodAutoscalers, autoscaler.Metadata.Key, autoscaler.Metadata.Uid), severity, reason, reason, note));
}

using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>Binds pods to nodes, one after the other: each decision must see the one before.</summary>
/// <param name="caches">What is known of the cluster.</param>
/// <param name="assumptions">What was decided and is not seen yet.</param>
/// <param name="writer">Writes.</param>
/// <param name="events">Tells people.</param>
/// <param name="time">Clock.</param>
internal sealed class SchedulerReconciler(
    WorkloadCaches caches, Assumptions assumptions, ObjectWriter writer, EventRecorder events, TimeProvider time) : IReconciler
{
    private const string Unschedulable = "Unschedulable";

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Pods.Cache.Find(request.Key) is not { } pod || !SchedulerController.Waits(pod) || assumptions.Holds(pod))
        {
            return ReconcileResult.Done;
        }

        var placement = PlacementPlanner.Place(pod, Cluster());
        if (placement.Node is { } node)
        {
            await BindAsync(pod, node, cancellationToken);
        }
        else
        {
            await ReportAsync(pod, placement.Problem!, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private List<NodeState> Cluster()
    {
        var assumed = assumptions.ByNode();
        return
        [
            .. caches.Nodes.Cache.Snapshot().Where(node => node.Metadata.DeletionTimestamp is null).Select(node => new NodeState(
                node, [.. caches.PodsByNode.Get(node.Metadata.Name).Where(pod => !pod.IsFinished), .. assumed[node.Metadata.Name]])),
        ];
    }

    private async Task BindAsync(Pod pod, string node, CancellationToken cancellationToken)
    {
        assumptions.Assume(pod, node);
        try
        {
            var binding = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Binding",
                ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace, ["uid"] = pod.Metadata.Uid },
                ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node },
            };
            await writer.CreateSubresourceAsync(KnownResources.Pods, pod.Metadata.Key, "binding", binding, cancellationToken);
        }
        catch
        {
            assumptions.Forget(pod);
            throw;
        }

        Tell(pod, EventSeverity.Normal, "Scheduled", "Binding", $"Successfully assigned {pod.Metadata.Namespace}/{pod.Metadata.Name} to {node}");
    }

    private async Task ReportAsync(Pod pod, string problem, CancellationToken cancellationToken)
    {
        var before = pod.Status.Conditions.Find(PodConditionType.PodScheduled);
        if (before is { Reason: Unschedulable } && before.Message == problem)
        {
            return;
        }

        Tell(pod, EventSeverity.Warning, "FailedScheduling", "Scheduling", problem);
        var condition = new StatusCondition
        {
            Type = PodConditionType.PodScheduled,
            Status = ConditionStatus.False,
            ObservedGeneration = pod.Metadata.Generation > 0 ? pod.Metadata.Generation : null,
            Reason = Unschedulable,
            Message = problem,
        };
        var status = pod.Status with { Conditions = pod.Status.Conditions.Set(condition, time.GetUtcNow()) };
        await writer.WriteStatusAsync(KnownResources.Pods, pod.Metadata, pod.Status, status, cancellationToken);
    }

    private void Tell(Pod pod, EventSeverity severity, string reason, string action, string note) =>
        events.Record(new EventNote(new EventSubject(KnownResources.Pods, pod.Metadata.Key, pod.Metadata.Uid), severity, reason, action, note));
}

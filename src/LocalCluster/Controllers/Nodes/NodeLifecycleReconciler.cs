using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Nodes;

/// <summary>Notices nodes that have fallen silent, keeps pods off nodes that are not sound, and takes their pods out of service.</summary>
/// <param name="caches">What is known of the cluster.</param>
/// <param name="heartbeats">When nodes were last heard of.</param>
/// <param name="writer">Writes.</param>
/// <param name="events">Tells people.</param>
/// <param name="time">Clock.</param>
internal sealed class NodeLifecycleReconciler(
    WorkloadCaches caches, NodeHeartbeats heartbeats, ObjectWriter writer, EventRecorder events, TimeProvider time) : IReconciler
{
    private const string NodeNotReady = "NodeNotReady";

    /// <summary>kube-controller-manager's <c>--node-monitor-grace-period</c>.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(50);

    /// <summary>Says which changes make which node be looked at.</summary>
    public ControllerBuilder Watch() =>
        new ControllerBuilder("nodelifecycle")
            .WithWorkers(2)
            .For(caches.Nodes)
            .Watches(caches.NodeLeases, change => [new ObjectKey("", change.Key.Name)])
            .Watches(caches.Pods, change => change is { Old.IsReady: false, New: { IsReady: true } pod } ? [new ObjectKey("", pod.Spec.NodeName)] : []);

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Nodes.Cache.Find(request.Key) is not { Metadata.DeletionTimestamp: null } node)
        {
            return ReconcileResult.Done;
        }

        var now = time.GetUtcNow();
        var left = GracePeriod - heartbeats.Silence(node.Metadata.Name);
        if (left <= TimeSpan.Zero && await SilenceAsync(node, now, cancellationToken))
        {
            return ReconcileResult.Done; // the change of its conditions brings it back here
        }

        await TaintAsync(node, now, cancellationToken);
        if (node.Status.Conditions.Find(Node.ReadyCondition) is { IsTrue: false })
        {
            await MarkPodsAsync(node, now, cancellationToken);
        }

        return left > TimeSpan.Zero ? ReconcileResult.After(left) : ReconcileResult.Done;
    }

    private async Task<bool> SilenceAsync(Node node, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var status = node.Status with { Conditions = NodeHealthPlanner.Silenced(node, now) };
        var written = await writer.WriteStatusAsync(KnownResources.Nodes, node.Metadata, node.Status, status, cancellationToken) is not null;
        if (written && node.IsReady)
        {
            Tell(KnownResources.Nodes, node.Metadata, EventSeverity.Normal, $"Node {node.Metadata.Name} status is now: {NodeNotReady}");
        }

        return written;
    }

    private async Task TaintAsync(Node node, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var taints = NodeHealthPlanner.Taints(node, now);
        if (taints.Select(taint => (taint.Key, taint.Effect)).SequenceEqual(node.Spec.Taints.Select(taint => (taint.Key, taint.Effect))))
        {
            return;
        }

        var list = taints.Count > 0 ? new JsonArray([.. taints.Select(ObjectWriter.ToJson)]) : null;
        var change = new JsonObject { ["spec"] = new JsonObject { ["taints"] = list } };
        await writer.PatchAsync(KnownResources.Nodes, node.Metadata, change, cancellationToken);
    }

    /// <summary>Whatever runs there can't be reached or trusted: no Service may send anybody to it.</summary>
    private async Task MarkPodsAsync(Node node, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var pod in caches.PodsByNode.Get(node.Metadata.Name).Where(pod => pod.IsReady))
        {
            var ready = pod.Status.Conditions.Find(PodConditionType.Ready)! with { Status = ConditionStatus.False };
            var status = pod.Status with { Conditions = pod.Status.Conditions.Set(ready, now) };
            await writer.WriteStatusAsync(KnownResources.Pods, pod.Metadata, pod.Status, status, cancellationToken);
            Tell(KnownResources.Pods, pod.Metadata, EventSeverity.Warning, "Node is not ready");
        }
    }

    private void Tell(ResourceType type, ObjectMeta subject, EventSeverity severity, string note) =>
        events.Record(new EventNote(new EventSubject(type, subject.Key, subject.Uid), severity, NodeNotReady, NodeNotReady, note));
}

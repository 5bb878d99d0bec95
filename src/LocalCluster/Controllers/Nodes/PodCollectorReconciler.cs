using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Nodes;

/// <summary>
/// Removes pods that no node will ever report the end of: those whose node is gone, or is declared out of service, and those that are deleted
/// before they had a node. Of those that ended long ago, only so many are kept.
/// </summary>
internal sealed class PodCollectorReconciler : IReconciler
{
    /// <summary>kube-controller-manager's <c>--terminated-pod-gc-threshold</c>.</summary>
    private const int MostFinished = 12_500;

    private const string OutOfService = "node.kubernetes.io/out-of-service";
    private const string Finished = "finished";

    /// <summary>A node that is missing for less may only be missing from the cache.</summary>
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    private readonly WorkloadCaches _caches;
    private readonly ObjectWriter _writer;
    private readonly TimeProvider _time;
    private readonly CacheIndex<Pod> _finished;
    private readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);

    /// <param name="caches">What is known of the cluster.</param>
    /// <param name="writer">Writes.</param>
    /// <param name="time">Clock.</param>
    public PodCollectorReconciler(WorkloadCaches caches, ObjectWriter writer, TimeProvider time)
    {
        _caches = caches;
        _writer = writer;
        _time = time;
        _finished = caches.Pods.Cache.AddIndex(static pod => pod.IsFinished ? [Finished] : []);
    }

    /// <summary>Says which changes make which pod be looked at. One worker: it remembers since when nodes are missing.</summary>
    public ControllerBuilder Watch() =>
        new ControllerBuilder("podgc")
            .WithWorkers(1)
            .Watches(_caches.Pods, change => change.New is { } pod && IsSuspect(pod) ? [change.Key] : [])
            .Watches(_caches.Nodes, change => change.New is null || change.New.Spec.Taints.Any(taint => taint.Key == OutOfService)
                ? _caches.PodsByNode.Get(change.Key.Name).Select(pod => pod.Metadata.Key)
                : []);

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (_caches.Pods.Cache.Find(request.Key) is not { } pod)
        {
            return ReconcileResult.Done;
        }

        if (pod.IsFinished && _finished.Count(Finished) > MostFinished)
        {
            await CollectOldestAsync(cancellationToken);
            return ReconcileResult.Done;
        }

        var node = _caches.Nodes.Cache.Find(new ObjectKey("", pod.Spec.NodeName));
        if (pod.Spec.NodeName.Length > 0 && node is null)
        {
            var left = Quarantine - MissingFor(pod.Spec.NodeName);
            if (left > TimeSpan.Zero)
            {
                return ReconcileResult.After(left);
            }

            await CollectAsync(pod, nodeIsGone: true, cancellationToken);
            return ReconcileResult.Done;
        }

        _missing.Remove(pod.Spec.NodeName);
        if (pod.IsTerminating && (node is null || (!node.IsReady && node.Spec.Taints.Any(taint => taint.Key == OutOfService))))
        {
            await CollectAsync(pod, nodeIsGone: false, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private bool IsSuspect(Pod pod) =>
        pod.IsFinished || pod.IsTerminating || (pod.Spec.NodeName.Length > 0 && _caches.Nodes.Cache.Find(new ObjectKey("", pod.Spec.NodeName)) is null);

    private TimeSpan MissingFor(string node)
    {
        if (!_missing.TryGetValue(node, out var since))
        {
            _missing[node] = since = _time.GetTimestamp();
        }

        return _time.GetElapsedTime(since);
    }

    private async Task CollectOldestAsync(CancellationToken cancellationToken)
    {
        var finished = _finished.Get(Finished);
        foreach (var pod in finished.OrderBy(pod => pod.Metadata.CreationTimestamp).Take(finished.Count - MostFinished))
        {
            await _writer.DeleteAsync(KnownResources.Pods, pod.Metadata, TimeSpan.Zero, cancellationToken);
        }
    }

    private async Task CollectAsync(Pod pod, bool nodeIsGone, CancellationToken cancellationToken)
    {
        if (!pod.IsFinished)
        {
            var conditions = nodeIsGone ? pod.Status.Conditions.Set(NodeGone, _time.GetUtcNow()) : pod.Status.Conditions;
            var status = pod.Status with { Phase = PodPhase.Failed, Conditions = conditions };
            await _writer.WriteStatusAsync(KnownResources.Pods, pod.Metadata, pod.Status, status, cancellationToken);
        }

        await _writer.DeleteAsync(KnownResources.Pods, pod.Metadata, TimeSpan.Zero, cancellationToken);
    }

    private static StatusCondition NodeGone { get; } = new()
    {
        Type = "DisruptionTarget",
        Status = ConditionStatus.True,
        Reason = "DeletionByPodGC",
        Message = "PodGC: node no longer exists",
    };
}

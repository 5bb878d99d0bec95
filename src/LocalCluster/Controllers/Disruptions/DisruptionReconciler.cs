using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Disruptions;

/// <summary>Reports how many pods of each budget may be evicted now.</summary>
/// <param name="caches">What is known of the cluster.</param>
/// <param name="writer">Writes.</param>
/// <param name="time">Clock.</param>
internal sealed class DisruptionReconciler(WorkloadCaches caches, ObjectWriter writer, TimeProvider time) : IReconciler
{
    /// <summary>Says which changes make which budget be looked at.</summary>
    public ControllerBuilder Watch() =>
        new ControllerBuilder("disruption")
            .WithWorkers(2)
            .For(caches.DisruptionBudgets)
            .Watches(caches.Pods, Concerned)
            .Watches(caches.ReplicaSets, change => Scaled(change, set => set.Spec.Replicas))
            .Watches(caches.Deployments, change => Scaled(change, deployment => deployment.Spec.Replicas));

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.DisruptionBudgets.Cache.Find(request.Key) is not { Metadata.DeletionTimestamp: null } budget)
        {
            return ReconcileResult.Done;
        }

        var now = time.GetUtcNow();
        var pods = caches.PodsByNamespace.Get(budget.Metadata.Namespace).Where(pod => budget.Spec.Selector.Matches(pod.Metadata.Labels)).ToList();
        var status = DisruptionPlanner.Plan(budget, pods, Scale(pods), now);
        await writer.WriteStatusAsync(KnownResources.PodDisruptionBudgets, budget.Metadata, budget.Status, status, cancellationToken);
        return DisruptionPlanner.Recheck(status) is { } recheck ? ReconcileResult.After(recheck - now) : ReconcileResult.Done;
    }

    /// <summary>Pods that the controllers of these pods want: those of a Deployment for its ReplicaSets. Pods without a known controller do not count.</summary>
    private int Scale(IEnumerable<Pod> pods)
    {
        var scales = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var owner in pods.Select(pod => (pod.Metadata.Namespace, Owner: pod.Metadata.ControllerOwner)).Where(o => o.Owner is not null))
        {
            var key = new ObjectKey(owner.Namespace, owner.Owner!.Name);
            var set = owner.Owner.Kind == WorkloadKinds.ReplicationControllers.Kind
                ? caches.ReplicationControllers.Cache.Find(key)
                : caches.ReplicaSets.Cache.Find(key);
            if (set is null)
            {
                continue;
            }

            var deployment = set.Metadata.ControllerOwner is { } above ? caches.Deployments.Cache.Find(new ObjectKey(owner.Namespace, above.Name)) : null;
            scales[deployment?.Metadata.Uid ?? set.Metadata.Uid ?? ""] = deployment?.Spec.Replicas ?? set.Spec.Replicas;
        }

        return scales.Values.Sum();
    }

    private IEnumerable<ObjectKey> Concerned(CacheChange<Pod> change)
    {
        if (change.Initial || (change is { Old: { } old, New: { } now } && Counted(old) == Counted(now) && old.HasLabelsOf(now)))
        {
            return [];
        }

        return caches.BudgetsByNamespace.Get(change.Latest.Metadata.Namespace)
            .Where(budget => Selects(budget, change.Old) || Selects(budget, change.New))
            .Select(budget => budget.Metadata.Key);
    }

    private IEnumerable<ObjectKey> Scaled<T>(CacheChange<T> change, Func<T, int> replicas)
        where T : class, IKubeObject =>
        change.Initial || (change is { Old: { } old, New: { } now } && replicas(old) == replicas(now))
            ? [] // at start every budget is looked at anyway
            : caches.BudgetsByNamespace.Get(change.Latest.Metadata.Namespace).Select(budget => budget.Metadata.Key);

    private static (bool Ready, bool Terminating) Counted(Pod pod) => (pod.IsReady, pod.IsTerminating);

    private static bool Selects(PodDisruptionBudget budget, Pod? pod) => pod is not null && budget.Spec.Selector.Matches(pod.Metadata.Labels);
}

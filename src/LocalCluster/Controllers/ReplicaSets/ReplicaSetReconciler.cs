using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as a ReplicaSet (or ReplicationController) wants, and reports how they are.</summary>
/// <param name="sets">The kind that is reconciled.</param>
/// <param name="caches">What is known of the cluster.</param>
/// <param name="expectations">What was asked for and is not yet seen.</param>
/// <param name="claims">Which pods belong to which set.</param>
/// <param name="writer">Writes.</param>
/// <param name="events">Tells people.</param>
/// <param name="time">Clock.</param>
internal sealed class ReplicaSetReconciler(
    ReplicaSetKind sets,
    WorkloadCaches caches,
    PodExpectations expectations,
    OwnerClaims claims,
    ObjectWriter writer,
    EventRecorder events,
    TimeProvider time) : IReconciler
{
    /// <summary>Pods that are created or deleted in one go; kube-controller-manager's BurstReplicas.</summary>
    private const int Burst = 500;

    private readonly PodCreator _creator = new(sets.Type, writer);

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (sets.Informer.Cache.Find(request.Key) is not { } set)
        {
            return ReconcileResult.Done;
        }

        var uid = set.Metadata.Uid ?? "";
        var mayAct = expectations.AreMet(uid);
        var pods = await claims.ClaimAsync(
            sets.Type, set.Metadata, set.Spec.Selector, KnownResources.Pods, caches.PodsByOwner, cancellationToken);
        var active = pods.Where(pod => pod.IsActive).ToList();
        var problem = mayAct && set.Metadata.DeletionTimestamp is null
            ? await ManageAsync(set, active, cancellationToken)
            : null;

        var now = time.GetUtcNow();
        int? terminating = sets.CountsTerminating ? pods.Count(pod => pod.IsTerminating && !pod.IsFinished) : null;
        var status = ReplicaSetStatusPlanner.Plan(set, active, terminating, problem, now);
        await writer.WriteStatusAsync(sets.Type, set.Metadata, set.Status, status, cancellationToken);
        return problem is not null ? ReconcileResult.Failed(problem)
            : ReplicaSetStatusPlanner.NextAvailable(set, active, now) is { } next ? ReconcileResult.After(next - now)
            : ReconcileResult.Done;
    }

    /// <summary>Creates or deletes pods.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    private async Task<string?> ManageAsync(ReplicaSet set, List<Pod> active, CancellationToken cancellationToken)
    {
        var missing = set.Spec.Replicas - active.Count;
        return missing > 0 ? await CreateAsync(set, Math.Min(missing, Burst), cancellationToken)
            : missing < 0 ? await DeleteAsync(set, DeletionOrder.Pick(active, Relatives(set), Math.Min(-missing, Burst), time.GetUtcNow()), cancellationToken)
            : null;
    }

    /// <summary>
    /// Creates pods in batches that grow while all goes well, so that a quota that is used up is met by one refused pod, not by hundreds.
    /// </summary>
    private async Task<string?> CreateAsync(ReplicaSet set, int count, CancellationToken cancellationToken)
    {
        var uid = set.Metadata.Uid ?? "";
        expectations.ExpectCreations(uid, count);
        var left = count;
        for (var batch = 1; left > 0; batch = Math.Min(batch * 2, left))
        {
            var problems = await Task.WhenAll(Enumerable.Range(0, batch).Select(_ => CreateOneAsync(set, cancellationToken)));
            left -= batch;
            if (problems.FirstOrDefault(problem => problem is not null) is { } problem)
            {
                expectations.CreationsSettled(uid, left + problems.Count(p => p is not null));
                return problem;
            }
        }

        return null;
    }

    private async Task<string?> CreateOneAsync(ReplicaSet set, CancellationToken cancellationToken)
    {
        try
        {
            var name = await _creator.CreateAsync(set, cancellationToken);
            Tell(set, EventSeverity.Normal, "SuccessfulCreate", $"Created pod: {name}");
            return null;
        }
        catch (Exception e) when (ApiFailure.Is(e))
        {
            Tell(set, EventSeverity.Warning, "FailedCreate", $"Error creating: {e.Message}");
            return e.Message;
        }
    }

    private async Task<string?> DeleteAsync(ReplicaSet set, IReadOnlyList<Pod> pods, CancellationToken cancellationToken)
    {
        expectations.ExpectDeletions(set.Metadata.Uid ?? "", pods.Select(pod => pod.Metadata.Uid ?? ""));
        var problems = await Task.WhenAll(pods.Select(pod => DeleteOneAsync(set, pod, cancellationToken)));
        return problems.FirstOrDefault(problem => problem is not null);
    }

    private async Task<string?> DeleteOneAsync(ReplicaSet set, Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            if (await writer.DeleteAsync(KnownResources.Pods, pod.Metadata, gracePeriod: null, cancellationToken))
            {
                Tell(set, EventSeverity.Normal, "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}");
            }
            else
            {
                expectations.DeletionSettled(set.Metadata.Uid ?? "", pod.Metadata.Uid ?? "");
            }

            return null;
        }
        catch (Exception e) when (ApiFailure.Is(e))
        {
            expectations.DeletionSettled(set.Metadata.Uid ?? "", pod.Metadata.Uid ?? "");
            Tell(set, EventSeverity.Warning, "FailedDelete", $"Error deleting: {e.Message}");
            return e.Message;
        }
    }

    /// <summary>Pods of all sets of the same Deployment, or of this set alone.</summary>
    private IEnumerable<Pod> Relatives(ReplicaSet set) =>
        set.Metadata.ControllerOwner is { } owner
            ? caches.ReplicaSetsByOwner.Get(owner.Uid).SelectMany(sibling => caches.PodsByOwner.Get(sibling.Metadata.Uid ?? ""))
            : caches.PodsByOwner.Get(set.Metadata.Uid ?? "");

    private void Tell(ReplicaSet set, EventSeverity severity, string reason, string note) =>
        events.Record(new EventNote(new EventSubject(sets.Type, set.Metadata.Key, set.Metadata.Uid), severity, reason, reason, note));
}

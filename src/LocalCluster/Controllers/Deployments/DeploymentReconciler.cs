using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>Carries out what <see cref="DeploymentPlanner"/> plans.</summary>
/// <param name="caches">What is known of the cluster.</param>
/// <param name="api">The cluster.</param>
/// <param name="claims">Which ReplicaSets belong to which Deployment.</param>
/// <param name="writer">Writes.</param>
/// <param name="events">Tells people.</param>
/// <param name="time">Clock.</param>
internal sealed class DeploymentReconciler(
    WorkloadCaches caches, KubeApi api, OwnerClaims claims, ObjectWriter writer, EventRecorder events, TimeProvider time) : IReconciler
{
    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Deployments.Cache.Find(request.Key) is not { } deployment)
        {
            return ReconcileResult.Done;
        }

        if (deployment.Spec.Selector is null || deployment.Spec.Selector.IsEmpty())
        {
            Tell(deployment, EventSeverity.Warning, "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
            return ReconcileResult.Terminal("spec.selector selects all pods");
        }

        var sets = await claims.ClaimAsync(
            KnownResources.Deployments, deployment.Metadata, deployment.Spec.Selector, KnownResources.ReplicaSets, caches.ReplicaSetsByOwner, cancellationToken);
        var now = time.GetUtcNow();
        var plan = DeploymentPlanner.Plan(deployment, sets, uid => caches.PodsByOwner.Get(uid).Any(pod => !pod.IsFinished), now);
        if (plan.Created is not null && await CreateAsync(deployment, plan.Created, cancellationToken) is { } problem)
        {
            return problem;
        }

        foreach (var change in plan.Changed)
        {
            await ChangeAsync(deployment, change, cancellationToken);
        }

        foreach (var surplus in plan.Deleted)
        {
            await writer.DeleteAsync(KnownResources.ReplicaSets, surplus.Metadata, gracePeriod: null, cancellationToken);
        }

        await ReportAsync(deployment, plan.Revision, plan.Status, cancellationToken);
        return plan.LookAgain is { } next ? ReconcileResult.After(Later(next - now)) : ReconcileResult.Done;
    }

    /// <summary>Creates the ReplicaSet of a new template.</summary>
    /// <returns>How the reconcile ends if it did not work out; null when it did.</returns>
    private async Task<ReconcileResult?> CreateAsync(Deployment deployment, ReplicaSet set, CancellationToken cancellationToken)
    {
        try
        {
            await writer.CreateAsync(KnownResources.ReplicaSets, set.Metadata.Namespace, Body(deployment, set), cancellationToken);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            return await IsOwnAsync(deployment, set, cancellationToken) ? null : await CountCollisionAsync(deployment, cancellationToken);
        }
        catch (Exception e) when (ApiFailure.Is(e))
        {
            var message = $"Failed to create new replica set \"{set.Metadata.Name}\": {e.Message}";
            Tell(deployment, EventSeverity.Warning, DeploymentConditions.ReplicaSetCreateError, message);
            var conditions = deployment.Status.Conditions.Say(
                DeploymentConditions.Progressing, ConditionStatus.False, DeploymentConditions.ReplicaSetCreateError, message, time.GetUtcNow());
            await ReportAsync(deployment, revision: null, deployment.Status with { Conditions = conditions }, cancellationToken);
            return ReconcileResult.Failed(message);
        }

        if (set.Spec.Replicas > 0)
        {
            TellScaling(deployment, set, 0);
        }

        return null;
    }

    /// <summary>True when the cache is only slow and the set is the one that this controller made.</summary>
    private async Task<bool> IsOwnAsync(Deployment deployment, ReplicaSet set, CancellationToken cancellationToken) =>
        await api.FindAsync<ReplicaSet>(KnownResources.ReplicaSets, set.Metadata.Key, cancellationToken) is { } live
        && live.Metadata.ControllerOwner?.Uid == deployment.Metadata.Uid
        && live.Spec.Template.IsSameAs(deployment.Spec.Template);

    /// <summary>The name is taken by another template: the next reconcile takes another name.</summary>
    private async Task<ReconcileResult> CountCollisionAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var status = deployment.Status with { CollisionCount = (deployment.Status.CollisionCount ?? 0) + 1 };
        await ReportAsync(deployment, revision: null, status, cancellationToken);
        return ReconcileResult.Done;
    }

    private async Task ChangeAsync(Deployment deployment, ReplicaSetChange change, CancellationToken cancellationToken)
    {
        if (MergeDiff.Between(Writable(change.Before), Writable(change.After)) is not { } difference)
        {
            return;
        }

        await writer.PatchAsync(KnownResources.ReplicaSets, change.Before.Metadata, difference, cancellationToken);
        if (change.Before.Spec.Replicas != change.After.Spec.Replicas)
        {
            TellScaling(deployment, change.After, change.Before.Spec.Replicas);
        }
    }

    private Task<string?> ReportAsync(Deployment deployment, long? revision, DeploymentStatus status, CancellationToken cancellationToken)
    {
        var number = revision?.ToString(CultureInfo.InvariantCulture);
        var annotations = number is null || deployment.Metadata.Annotations.GetValueOrDefault(Revisions.RevisionAnnotation) == number
            ? null
            : new JsonObject { [Revisions.RevisionAnnotation] = number };
        return writer.WriteStatusAsync(KnownResources.Deployments, deployment.Metadata, annotations, deployment.Status, status, cancellationToken);
    }

    private static JsonObject Body(Deployment deployment, ReplicaSet set) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = set.Metadata.Name,
            ["namespace"] = set.Metadata.Namespace,
            ["labels"] = ObjectWriter.ToJson(set.Metadata.Labels),
            ["annotations"] = ObjectWriter.ToJson(set.Metadata.Annotations),
            ["ownerReferences"] = new JsonArray(OwnerReferences.Controller(KnownResources.Deployments, deployment.Metadata)),
        },
        ["spec"] = ObjectWriter.ToJson(set.Spec),
    };

    /// <summary>What a Deployment changes of a ReplicaSet that exists.</summary>
    private static JsonObject Writable(ReplicaSet set) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = ObjectWriter.ToJson(set.Metadata.Annotations) },
        ["spec"] = new JsonObject { ["replicas"] = set.Spec.Replicas, ["minReadySeconds"] = set.Spec.MinReadySeconds },
    };

    /// <summary>A second past the deadline, so that a clock that is a little behind still finds it missed.</summary>
    private static TimeSpan Later(TimeSpan left) => (left > TimeSpan.Zero ? left : TimeSpan.Zero) + TimeSpan.FromSeconds(1);

    private void TellScaling(Deployment deployment, ReplicaSet set, int before)
    {
        var direction = before < set.Spec.Replicas ? "up" : "down";
        Tell(
            deployment,
            EventSeverity.Normal,
            "ScalingReplicaSet",
            string.Create(CultureInfo.InvariantCulture, $"Scaled {direction} replica set {set.Metadata.Name} from {before} to {set.Spec.Replicas}"));
    }

    private void Tell(Deployment deployment, EventSeverity severity, string reason, string note) => events.Record(new EventNote(
        new EventSubject(KnownResources.Deployments, deployment.Metadata.Key, deployment.Metadata.Uid), severity, reason, reason, note));
}

using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;
using static LocalCluster.Controllers.Deployments.DeploymentConditions;

namespace LocalCluster.Controllers.Deployments;

/// <summary>What a Deployment reports of its ReplicaSets.</summary>
internal static class DeploymentStatusPlanner
{
    /// <summary>Counts pods and says whether enough are available.</summary>
    /// <param name="deployment">The Deployment.</param>
    /// <param name="bounds">Bounds of its rollouts.</param>
    /// <param name="fresh">ReplicaSet of the newest template; null when there is none.</param>
    /// <param name="old">The other ReplicaSets.</param>
    /// <param name="conditions">Conditions so far.</param>
    /// <param name="now">Now.</param>
    public static DeploymentStatus Count(
        Deployment deployment,
        RolloutBounds bounds,
        ReplicaSet? fresh,
        IReadOnlyList<ReplicaSet> old,
        IReadOnlyList<StatusCondition> conditions,
        DateTimeOffset now)
    {
        ReplicaSet[] all = fresh is null ? [.. old] : [.. old, fresh];
        var available = all.Sum(set => set.Status.AvailableReplicas);
        return new DeploymentStatus
        {
            ObservedGeneration = deployment.Metadata.Generation,
            Replicas = all.Sum(set => set.Status.Replicas),
            UpdatedReplicas = fresh?.Status.Replicas ?? 0,
            ReadyReplicas = all.Sum(set => set.Status.ReadyReplicas),
            AvailableReplicas = available,
            UnavailableReplicas = Math.Max(0, all.Sum(set => set.Spec.Replicas) - available),
            TerminatingReplicas = all.All(set => set.Status.TerminatingReplicas is not null) ? all.Sum(set => set.Status.TerminatingReplicas) : null,
            CollisionCount = deployment.Status.CollisionCount,
            Conditions = available >= bounds.MinAvailable
                ? conditions.Say(Available, ConditionStatus.True, MinimumReplicasAvailable, "Deployment has minimum availability.", now)
                : conditions.Say(Available, ConditionStatus.False, MinimumReplicasUnavailable, "Deployment does not have minimum availability.", now),
        };
    }

    /// <summary>Adds how a rollout gets on, and what its ReplicaSets could not do.</summary>
    public static DeploymentStatus WithProgress(
        DeploymentStatus status, Deployment deployment, ReplicaSet? fresh, IReadOnlyList<ReplicaSet> old, DateTimeOffset now)
    {
        var conditions = status.Conditions;
        if (deployment.Spec.ProgressDeadline is not { } deadline)
        {
            conditions = conditions.Without(Progressing);
        }
        else if (!IsPast(deployment, status))
        {
            var subject = fresh is null ? $"Deployment \"{deployment.Metadata.Name}\"" : $"ReplicaSet \"{fresh.Metadata.Name}\"";
            conditions = IsComplete(deployment, status)
                ? conditions.Say(Progressing, ConditionStatus.True, NewReplicaSetAvailable, $"{subject} has successfully progressed.", now)
                : HasProgressed(deployment.Status, status)
                    ? conditions.SayAnew(Progressing, ConditionStatus.True, ReplicaSetUpdated, $"{subject} is progressing.", now)
                    : IsLate(conditions.Find(Progressing), deadline, now)
                        ? conditions.Say(Progressing, ConditionStatus.False, ProgressDeadlineExceeded, $"{subject} has timed out progressing.", now)
                        : conditions;
        }

        return status with { Conditions = WithFailures(conditions, fresh, old) };
    }

    /// <summary>True when all pods are of the newest template and available.</summary>
    public static bool IsComplete(Deployment deployment, DeploymentStatus status) =>
        status.UpdatedReplicas == deployment.Spec.Replicas
        && status.Replicas == deployment.Spec.Replicas
        && status.AvailableReplicas == deployment.Spec.Replicas
        && status.ObservedGeneration >= deployment.Metadata.Generation;

    /// <summary>When to look whether the deadline was missed; null when it can't be, or was.</summary>
    public static DateTimeOffset? Deadline(Deployment deployment, DeploymentStatus status) =>
        deployment.Spec.ProgressDeadline is { } deadline
        && status.Conditions.Find(Progressing) is { Reason: not ProgressDeadlineExceeded, LastUpdateTime: { } updated }
        && !IsComplete(deployment, status)
            ? updated + deadline
            : null;

    /// <summary>True when the last rollout has ended: pods that fail afterwards are no lack of progress.</summary>
    private static bool IsPast(Deployment deployment, DeploymentStatus status) =>
        status.Replicas == status.UpdatedReplicas && deployment.Status.Conditions.Find(Progressing)?.Reason == NewReplicaSetAvailable;

    private static bool HasProgressed(DeploymentStatus before, DeploymentStatus now) =>
        now.UpdatedReplicas > before.UpdatedReplicas
        || now.Replicas - now.UpdatedReplicas < before.Replicas - before.UpdatedReplicas
        || now.ReadyReplicas > before.ReadyReplicas
        || now.AvailableReplicas > before.AvailableReplicas;

    private static bool IsLate(StatusCondition? progress, TimeSpan deadline, DateTimeOffset now) =>
        progress is { Reason: not NewReplicaSetAvailable }
        && (progress.Reason == ProgressDeadlineExceeded || progress.LastUpdateTime + deadline < now);

    private static IReadOnlyList<StatusCondition> WithFailures(
        IReadOnlyList<StatusCondition> conditions, ReplicaSet? fresh, IReadOnlyList<ReplicaSet> old)
    {
        var failure = old.Prepend(fresh).Select(set => set?.Status.Conditions.Find(ReplicaFailure)).FirstOrDefault(found => found is not null);
        return failure is null ? conditions.Without(ReplicaFailure)
            : conditions.Find(ReplicaFailure) is { } known && known.Status == failure.Status && known.Reason == failure.Reason ? conditions
            : [.. conditions.Without(ReplicaFailure), failure with { LastUpdateTime = failure.LastTransitionTime }];
    }
}

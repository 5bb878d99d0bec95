using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>Types and reasons of a Deployment's conditions, and how they are set.</summary>
internal static class DeploymentConditions
{
    public const string Available = "Available";
    public const string Progressing = "Progressing";
    public const string ReplicaFailure = "ReplicaFailure";

    public const string NewReplicaSetCreated = "NewReplicaSetCreated";
    public const string FoundNewReplicaSet = "FoundNewReplicaSet";
    public const string ReplicaSetUpdated = "ReplicaSetUpdated";
    public const string NewReplicaSetAvailable = "NewReplicaSetAvailable";
    public const string ReplicaSetCreateError = "ReplicaSetCreateError";
    public const string ProgressDeadlineExceeded = "ProgressDeadlineExceeded";
    public const string DeploymentPaused = "DeploymentPaused";
    public const string DeploymentResumed = "DeploymentResumed";
    public const string MinimumReplicasAvailable = "MinimumReplicasAvailable";
    public const string MinimumReplicasUnavailable = "MinimumReplicasUnavailable";

    /// <summary>The list with a condition, unless it says so already: then nothing of it changes, not even its times.</summary>
    public static IReadOnlyList<StatusCondition> Say(
        this IReadOnlyList<StatusCondition> conditions, string type, string status, string reason, string message, DateTimeOffset now) =>
        conditions.Find(type) is { } known && known.Status == status && known.Reason == reason
            ? conditions
            : conditions.SayAnew(type, status, reason, message, now);

    /// <summary>The list with a condition that was found to hold again now.</summary>
    public static IReadOnlyList<StatusCondition> SayAnew(
        this IReadOnlyList<StatusCondition> conditions, string type, string status, string reason, string message, DateTimeOffset now)
    {
        var since = conditions.Find(type) is { } known && known.Status == status ? known.LastTransitionTime : now;
        return
        [
            .. conditions.Without(type),
            new StatusCondition { Type = type, Status = status, LastUpdateTime = now, LastTransitionTime = since, Reason = reason, Message = message },
        ];
    }

    /// <summary>
    /// Pausing and resuming stop the clock of the deadline: a Deployment that was paused for longer than its deadline is not stuck.
    /// A missed deadline stays on record.
    /// </summary>
    public static IReadOnlyList<StatusCondition> OfPause(Deployment deployment, DateTimeOffset now)
    {
        var conditions = deployment.Status.Conditions;
        var reason = conditions.Find(Progressing)?.Reason;
        if (deployment.Spec.ProgressDeadline is null || reason == ProgressDeadlineExceeded)
        {
            return conditions;
        }

        return deployment.Spec.Paused
            ? conditions.Say(Progressing, ConditionStatus.Unknown, DeploymentPaused, "Deployment is paused", now)
            : reason == DeploymentPaused
                ? conditions.Say(Progressing, ConditionStatus.Unknown, DeploymentResumed, "Deployment is resumed", now)
                : conditions;
    }
}

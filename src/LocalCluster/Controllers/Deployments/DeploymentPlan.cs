using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>What follows from a Deployment and its ReplicaSets.</summary>
internal sealed record DeploymentPlan
{
    /// <summary>A ReplicaSet to create for a template that has none; null for none.</summary>
    public ReplicaSet? Created { get; init; }

    /// <summary>ReplicaSets to change, in this order.</summary>
    public IReadOnlyList<ReplicaSetChange> Changed { get; init; } = [];

    /// <summary>Old ReplicaSets that nobody needs any more.</summary>
    public IReadOnlyList<ReplicaSet> Deleted { get; init; } = [];

    /// <summary>Number of the newest template; null when there is none.</summary>
    public long? Revision { get; init; }

    /// <summary>What to report.</summary>
    public required DeploymentStatus Status { get; init; }

    /// <summary>When to look again even if nothing happens; null when that would change nothing.</summary>
    public DateTimeOffset? LookAgain { get; init; }
}

/// <summary>A ReplicaSet as it is and as it should be.</summary>
internal readonly record struct ReplicaSetChange(ReplicaSet Before, ReplicaSet After);

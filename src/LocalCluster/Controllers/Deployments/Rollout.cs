using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>A Deployment with its ReplicaSets told apart: the one of its present template, and the others.</summary>
internal sealed record Rollout
{
    public required Deployment Deployment { get; init; }

    /// <summary>How far it may go.</summary>
    public required RolloutBounds Bounds { get; init; }

    /// <summary>The set of the present template, the oldest if there are several; null when there is none yet.</summary>
    public required ReplicaSet? Fresh { get; init; }

    /// <summary>The other sets.</summary>
    public required IReadOnlyList<ReplicaSet> Old { get; init; }

    /// <summary>Conditions so far.</summary>
    public required IReadOnlyList<StatusCondition> Conditions { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Number that the newest set has at least.</summary>
    public long NextRevision => Old.Select(Revisions.Of).DefaultIfEmpty().Max() + 1;

    /// <summary>Sets that should have pods.</summary>
    public IEnumerable<ReplicaSet> Active => (Fresh is null ? Old : Old.Append(Fresh)).Where(set => set.Spec.Replicas > 0);

    /// <summary>Looks at a Deployment.</summary>
    public static Rollout Of(Deployment deployment, IReadOnlyList<ReplicaSet> sets, DateTimeOffset now)
    {
        var byAge = sets.OrderBy(set => set.Metadata.CreationTimestamp).ThenBy(set => set.Metadata.Name, StringComparer.Ordinal).ToList();
        var fresh = byAge.Find(set => set.Spec.Template.IsSameAs(deployment.Spec.Template));
        return new Rollout
        {
            Deployment = deployment,
            Bounds = RolloutBounds.Of(deployment.Spec),
            Fresh = fresh,
            Old = [.. byAge.Where(set => set != fresh)],
            Conditions = deployment.Status.Conditions,
            Now = now,
        };
    }
}

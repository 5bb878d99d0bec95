using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Deployments;

/// <summary>
/// What the Deployment controller of kube-controller-manager does with a Deployment, as a pure function. Each plan is one step: what it
/// changes brings events, and those the next plan.
/// </summary>
internal static class DeploymentPlanner
{
    public const string RollingUpdate = "RollingUpdate";

    private const string Recreate = "Recreate";
    private const int LongestName = 253;

    /// <summary>Plans.</summary>
    /// <param name="deployment">The Deployment.</param>
    /// <param name="sets">Its ReplicaSets.</param>
    /// <param name="podsOf">Whether a ReplicaSet, by uid, has pods that have not ended.</param>
    /// <param name="now">Now.</param>
    public static DeploymentPlan Plan(Deployment deployment, IReadOnlyList<ReplicaSet> sets, Func<string, bool> podsOf, DateTimeOffset now)
    {
        var rollout = Rollout.Of(deployment, sets, now);
        if (deployment.Metadata.DeletionTimestamp is not null)
        {
            return Counted(rollout);
        }

        rollout = rollout with { Conditions = DeploymentConditions.OfPause(deployment, now) };
        if (deployment.Spec.Paused || IsScaled(rollout))
        {
            var plan = Counted(rollout) with { Changed = Changes(rollout, Scale(rollout)), Revision = Revision(rollout) };
            return deployment.Spec.Paused ? plan with { Deleted = Surplus(rollout) } : plan;
        }

        return deployment.Spec.Strategy.Type == Recreate ? RecreateAll(rollout, podsOf) : Roll(rollout);
    }

    /// <summary>True when the wanted number is not the one that the ReplicaSets were sized for: then they are scaled, and nothing is rolled.</summary>
    private static bool IsScaled(Rollout rollout) => rollout.Active.Any(
        set => Revisions.Number(set, Revisions.DesiredReplicasAnnotation) is { } sizedFor && sizedFor != rollout.Bounds.Desired);

    private static IReadOnlyList<Sizing> Scale(Rollout rollout)
    {
        var active = rollout.Active.ToList();
        if (active.Count <= 1)
        {
            var only = active.FirstOrDefault() ?? rollout.Fresh ?? rollout.Old.MaxBy(set => set.Metadata.CreationTimestamp);
            return only is null ? [] : [new Sizing(only, rollout.Bounds.Desired)];
        }

        if (IsSaturated(rollout))
        {
            return [.. rollout.Old.Where(set => set.Spec.Replicas > 0).Select(set => new Sizing(set, 0))];
        }

        return rollout.Deployment.Spec.Strategy.Type == RollingUpdate
            ? ProportionalScaling.Plan(rollout.Bounds, active, rollout.Deployment.Status.Replicas)
            : [];
    }

    private static bool IsSaturated(Rollout rollout) =>
        rollout.Fresh is { } fresh
        && fresh.Spec.Replicas == rollout.Bounds.Desired
        && Revisions.Number(fresh, Revisions.DesiredReplicasAnnotation) == rollout.Bounds.Desired
        && fresh.Status.AvailableReplicas == rollout.Bounds.Desired;

    private static DeploymentPlan Roll(Rollout rollout)
    {
        var created = rollout.Fresh is null ? Create(rollout, RollingUpdateStep.FreshSize(rollout.Bounds, Unborn, rollout.Old)) : null;
        var fresh = rollout.Fresh ?? created!;
        return Rolled(rollout, created, RollingUpdateStep.Plan(rollout.Bounds, fresh, rollout.Old));
    }

    private static DeploymentPlan RecreateAll(Rollout rollout, Func<string, bool> podsOf)
    {
        var shrinking = rollout.Old.Where(set => set.Spec.Replicas > 0).Select(set => new Sizing(set, 0)).ToList();
        if (shrinking.Count > 0 || rollout.Old.Any(set => set.Status.Replicas > 0 || podsOf(set.Metadata.Uid ?? "")))
        {
            return Rolled(rollout, created: null, shrinking);
        }

        var desired = rollout.Bounds.Desired;
        return rollout.Fresh is { } fresh
            ? Rolled(rollout, created: null, fresh.Spec.Replicas == desired ? [] : [new Sizing(fresh, desired)])
            : Rolled(rollout, Create(rollout, desired), []);
    }

    private static DeploymentPlan Rolled(Rollout rollout, ReplicaSet? created, IReadOnlyList<Sizing> sizings)
    {
        var (deployment, now) = (rollout.Deployment, rollout.Now);
        var fresh = rollout.Fresh ?? created;
        var conditions = created is not null
            ? Announce(rollout, DeploymentConditions.NewReplicaSetCreated, $"Created new replica set \"{created.Metadata.Name}\"")
            : fresh is not null && rollout.Conditions.Find(DeploymentConditions.Progressing) is null
                ? Announce(rollout, DeploymentConditions.FoundNewReplicaSet, $"Found new replica set \"{fresh.Metadata.Name}\"")
                : rollout.Conditions;
        var status = DeploymentStatusPlanner.Count(deployment, rollout.Bounds, fresh, rollout.Old, conditions, now);
        status = DeploymentStatusPlanner.WithProgress(status, deployment, fresh, rollout.Old, now);
        return new DeploymentPlan
        {
            Created = created,
            Changed = Changes(rollout, sizings.Where(sizing => sizing.Set != created)),
            Deleted = sizings.Count == 0 && DeploymentStatusPlanner.IsComplete(deployment, deployment.Status) ? Surplus(rollout) : [],
            Revision = fresh is null ? null : Math.Max(Revisions.Of(fresh), rollout.NextRevision),
            Status = status,
            LookAgain = DeploymentStatusPlanner.Deadline(deployment, status),
        };
    }

    private static IReadOnlyList<StatusCondition> Announce(Rollout rollout, string reason, string message) =>
        rollout.Deployment.Spec.ProgressDeadline is null
            ? rollout.Conditions
            : rollout.Conditions.Say(DeploymentConditions.Progressing, ConditionStatus.True, reason, message, rollout.Now);

    private static DeploymentPlan Counted(Rollout rollout) => new()
    {
        Status = DeploymentStatusPlanner.Count(
            rollout.Deployment, rollout.Bounds, rollout.Fresh, rollout.Old, rollout.Conditions, rollout.Now),
    };

    private static long? Revision(Rollout rollout) => rollout.Fresh is { } fresh ? Math.Max(Revisions.Of(fresh), rollout.NextRevision) : null;

    /// <summary>The new sizes, and for the newest set also what it takes over from the Deployment.</summary>
    private static List<ReplicaSetChange> Changes(Rollout rollout, IEnumerable<Sizing> sizings)
    {
        var sizes = sizings.ToDictionary(sizing => sizing.Set.Metadata.Name, sizing => sizing.Replicas, StringComparer.Ordinal);
        var changes = new List<ReplicaSetChange>();
        foreach (var set in rollout.Fresh is null ? rollout.Old : [rollout.Fresh, .. rollout.Old])
        {
            var after = set == rollout.Fresh
                ? set.AsNewest(rollout.Deployment, rollout.NextRevision) with
                {
                    Spec = set.Spec with { MinReadySeconds = rollout.Deployment.Spec.MinReadySeconds },
                }
                : set;
            if (sizes.TryGetValue(set.Metadata.Name, out var size))
            {
                after = after.Sized(size, rollout.Bounds);
            }

            if (after != set)
            {
                changes.Add(new ReplicaSetChange(set, after));
            }
        }

        return changes;
    }

    private static ReplicaSet Create(Rollout rollout, int size)
    {
        var deployment = rollout.Deployment;
        var hash = deployment.Spec.Template.Hash(deployment.Status.CollisionCount ?? 0);
        var template = deployment.Spec.Template.WithLabel(PodTemplate.HashLabel, hash);
        var prefix = deployment.Metadata.Name.Length + hash.Length < LongestName
            ? deployment.Metadata.Name
            : deployment.Metadata.Name[..(LongestName - hash.Length - 1)];
        var set = new ReplicaSet
        {
            Metadata = new ObjectMeta { Name = $"{prefix}-{hash}", Namespace = deployment.Metadata.Namespace, Labels = template.Labels },
            Spec = new ReplicaSetSpec
            {
                Selector = new V1LabelSelector
                {
                    MatchLabels = new Dictionary<string, string>(deployment.Spec.Selector?.MatchLabels ?? new Dictionary<string, string>())
                    {
                        [PodTemplate.HashLabel] = hash,
                    },
                    MatchExpressions = deployment.Spec.Selector?.MatchExpressions,
                },
                Template = template,
                MinReadySeconds = deployment.Spec.MinReadySeconds,
            },
        };
        return set.AsNewest(deployment, rollout.NextRevision).Sized(size, rollout.Bounds);
    }

    /// <summary>Old sets beyond those that are kept to roll back to, the oldest first; never one that has or may have pods.</summary>
    private static IReadOnlyList<ReplicaSet> Surplus(Rollout rollout)
    {
        if (rollout.Deployment.Spec.RevisionHistoryLimit is not { } limit)
        {
            return [];
        }

        var alive = rollout.Old.Where(set => set.Metadata.DeletionTimestamp is null).ToList();
        return
        [
            .. alive.OrderBy(Revisions.Of).ThenBy(set => set.Metadata.CreationTimestamp)
                .Take(Math.Max(0, alive.Count - limit))
                .Where(set => set.Spec.Replicas == 0 && set.Status.Replicas == 0 && set.Metadata.Generation <= set.Status.ObservedGeneration),
        ];
    }

    /// <summary>The set of a template that has none yet.</summary>
    private static ReplicaSet Unborn { get; } = new() { Spec = new ReplicaSetSpec { Replicas = 0 } };
}

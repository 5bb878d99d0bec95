using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Planning;

/// <summary>What the services of a rollout are to run, move by move.</summary>
internal static class MemberMoves
{
    /// <summary>How long the instances of a canary outlive its weight.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    /// <summary>The status with what is seen now. A service that is new in the rollout begins with what it runs.</summary>
    public static CanaryRolloutStatus Observe(RolloutSnapshot snapshot, CanaryRolloutStatus status) => status with
    {
        ObservedGeneration = snapshot.Rollout.Metadata.Generation,
        Holds = snapshot.Holds,
        Evidence = snapshot.Evidence ?? status.Evidence,
        Members =
        [
            .. snapshot.Members.Select(seen =>
            {
                var before = status.Members.FirstOrDefault(member => member.Service == seen.Service) ?? new MemberStatus { Service = seen.Service, Stable = seen.Running, Good = seen.Running };
                return before with
                {
                    Declared = seen.Declared,
                    DeclaredImage = seen.DeclaredImage,
                    StableImage = seen.RunningImage,
                    StableReady = $"{seen.Stable.Ready}/{seen.Stable.Desired}",
                    CanaryReady = seen.Canary is { } canary ? $"{canary.Ready}/{canary.Desired}" : null,
                    Problem = seen.CanaryProblem,
                };
            }),
        ],
    };

    /// <summary>The revision that users have of all services together.</summary>
    public static string GoodOf(CanaryRolloutStatus status) => string.Join('+', status.Members.Select(static member => member.Good));

    /// <summary>The first deployment has nothing to be compared with. The other services wait for it.</summary>
    public static RolloutPlan DeployDirectly(RolloutSnapshot snapshot, CanaryRolloutStatus status) => new(
        status with
        {
            Phase = RolloutPhase.Progressing,
            Members = [.. status.Members.Zip(snapshot.Members, static (member, seen) => member.Good is not null ? member : seen.Running is not null && seen.Running == member.Stable
                ? member with { Good = seen.Running }
                : member with { Stable = seen.Declared })],
        },
        LookAgain: TimeSpan.FromSeconds(1));

    /// <summary>Says of a service that was deployed directly that it was.</summary>
    public static CanaryRolloutStatus NoteFirstDeployments(RolloutSnapshot snapshot, CanaryRolloutStatus status) => status.StableRevision is null
        ? RolloutLog.Decide(status, snapshot, RolloutDecisions.Deployed, "the first revision is what users have: there was nothing to compare it with")
        : status;

    /// <summary>The stable workloads run what proved good, and the canaries end.</summary>
    public static CanaryRolloutStatus Rest(RolloutSnapshot snapshot, CanaryRolloutStatus status, bool isDraining) => status with
    {
        Members = [.. status.Members.Zip(snapshot.Members, (member, seen) => member with
        {
            Stable = member.Good,
            CanaryInstances = isDraining ? seen.Canary?.Desired ?? 0 : 0,
            StableFloor = isDraining ? member.StableFloor : null,
        })],
    };

    /// <summary>The stable workloads run what proved good, and canaries beside them have a share of the instances.</summary>
    public static CanaryRolloutStatus Move(RolloutSnapshot snapshot, CanaryRolloutStatus status, int percent) => status with
    {
        Members = [.. status.Members.Zip(snapshot.Members, (member, seen) => member with
        {
            Stable = member.Good,
            CanaryInstances = NeededAt(percent, member, seen),
        })],
    };

    /// <summary>Instances that the canary needs for its share of the traffic, at least one. The stable version's size at the start counts, if it was larger than now.</summary>
    public static int NeededAt(int percent, MemberStatus member, MemberObservation seen) =>
        percent == 0 ? 0 : Math.Max(1, (int)Math.Ceiling(Math.Max(member.StableFloor ?? 0, seen.Stable.Desired) * percent / 100.0));
}

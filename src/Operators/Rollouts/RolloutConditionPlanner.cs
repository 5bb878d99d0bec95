using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Status;
using Operators.Registry;
using Operators.Rollouts.Planning;
using static ControlPlane.Kubernetes.Resources.Rollouts.RolloutConditions;

namespace Operators.Rollouts;

/// <summary>Says in conditions where a rollout stands. Pure.</summary>
internal static class RolloutConditionPlanner
{
    private const int MostProblems = 5;

    /// <param name="rollout">The rollout, with the conditions so far.</param>
    /// <param name="status">Where it stands now.</param>
    /// <param name="problems">What is wrong with the declaration.</param>
    /// <param name="gap">Why the data plane can't send requests by weight; null when it can.</param>
    /// <param name="now">The time (UTC).</param>
    public static CanaryRolloutStatus Plan(CanaryRollout rollout, CanaryRolloutStatus status, IReadOnlyList<FieldProblem> problems, string? gap, DateTimeOffset now)
    {
        var accepted = problems.Count > 0
            ? Is(Accepted, ConditionStatus.False, problems[0].Reason, string.Join("; ", problems.Take(MostProblems)))
            : Is(Accepted, ConditionStatus.True, Reasons.Valid, "the declaration is valid");
        var ready = problems.Count > 0 ? accepted with { Type = Ready } : ReadyOf(rollout.Spec, status);
        List<Condition> present = [accepted, ready];
        if (status.CanaryRevision is not null && (gap is not null || status.Weight > 0))
        {
            present.Add(ProgrammedOf(status, gap));
        }

        if (SyncedOf(status) is { } synced)
        {
            present.Add(synced);
        }

        if (ready.Status != ConditionStatus.True)
        {
            var isStalled = problems.Count > 0 || status.Phase == RolloutPhase.Degraded;
            present.Add(ready with { Type = isStalled ? Stalled : Reconciling, Status = ConditionStatus.True });
        }

        return status with
        {
            ObservedGeneration = rollout.Metadata.Generation,
            Conditions = Conditions.Update(rollout.Status?.Conditions ?? [], present, rollout.Metadata.Generation, now),
        };
    }

    private static Condition ReadyOf(CanaryRolloutSpec spec, CanaryRolloutStatus status) => status.Phase switch
    {
        RolloutPhase.Healthy => Is(Ready, ConditionStatus.True, Reasons.Healthy, $"users have what is declared: {status.StableRevision}"),
        RolloutPhase.Degraded => Is(Ready, ConditionStatus.False, Reasons.Degraded, $"what is declared failed, and users have {status.StableRevision}: {Last(status)}"),
        RolloutPhase.RollingBack => Is(Ready, ConditionStatus.False, Reasons.Degraded, $"what is declared failed, and users are on their way back: {Last(status)}"),
        RolloutPhase.Paused when spec.Paused => Is(Ready, ConditionStatus.False, Reasons.Paused, "spec.paused holds it"),
        RolloutPhase.Paused when status.Holds.Count > 0 && status.Step?.OverridesHolds != true => Is(Ready, ConditionStatus.False, Reasons.Held, string.Join("; ", status.Holds.Select(static hold => hold.Message))),
        RolloutPhase.Paused => Is(Ready, ConditionStatus.False, Reasons.Paused, $"step {status.Progress} waits: {Waits(spec, status)}"),
        RolloutPhase.Promoting => Is(Ready, ConditionStatus.False, Reasons.Progressing, $"the stable version takes over {status.CanaryRevision}"),
        _ => Is(Ready, ConditionStatus.False, Reasons.Progressing, status.CanaryRevision is null ? "the first deployment is direct" : $"{status.CanaryRevision} is on its way, step {status.Progress}"),
    };

    private static string Waits(CanaryRolloutSpec spec, CanaryRolloutStatus status) => status switch
    {
        { Evidence.AwaySince: not null } => $"a source of evidence is away: {status.Evidence.Message}",
        _ => spec.Steps.ElementAtOrDefault(status.Step?.Index ?? 0) switch
        {
            { Pause.Duration: { } duration } => $"for {duration}",
            { Pause: not null } => "for an approval",
            _ => $"for evidence: {status.Evidence?.Message ?? "no requests were compared yet"}",
        },
    };

    private static Condition ProgrammedOf(CanaryRolloutStatus status, string? gap)
    {
        if (gap is not null)
        {
            return Is(Programmed, ConditionStatus.False, Reasons.Unsupported, gap);
        }

        var split = new ObservedSplit(status.Observed?.Canary ?? 0, status.Observed?.Total ?? 0);
        var seen = $"{split.Canary} of {split.Total} requests went to the canary, whose weight is {status.Weight}";
        return split.Shows(status.Weight) ? Is(Programmed, ConditionStatus.True, Reasons.Observed, $"the traffic shows a weight of {status.Weight}")
            : split.Refutes(status.Weight) ? Is(Programmed, ConditionStatus.False, Reasons.NotObserved, seen)
            : Is(Programmed, ConditionStatus.Unknown, Reasons.Pending, "too few requests came to tell");
    }

    /// <summary>Git says one thing and users have another: said with the names of both.</summary>
    private static Condition? SyncedOf(CanaryRolloutStatus status)
    {
        if (status.StableRevision is null)
        {
            return null;
        }

        var differing = status.Members.Where(static member => member.Declared != member.Good).ToList();
        return differing.Count == 0
            ? Is(Synced, ConditionStatus.True, Reasons.Same, "what is declared is what users have")
            : Is(Synced, ConditionStatus.False, Reasons.Differs, string.Join("; ", differing.Select(static member => member.DeclaredImage != member.StableImage
                ? $"{member.Service}: {member.DeclaredImage} is declared, and users have {member.StableImage}"
                : $"{member.Service}: revision {member.Declared} is declared, and users have {member.Good}")));
    }

    private static string Last(CanaryRolloutStatus status) =>
        status.Decisions.FirstOrDefault(static decision => decision.Type == RolloutDecisions.RolledBack)?.Message ?? "it failed before";

    private static Condition Is(string type, string status, string reason, string message) => new() { Type = type, Status = status, Reason = reason, Message = message };
}

using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace Operators.Rollouts.Planning;

/// <summary>How far a step is.</summary>
/// <param name="State">Done, on its way, waiting for a time or a person, or failed.</param>
/// <param name="Why">In a sentence, for people.</param>
internal sealed record StepProgress(StepState State, string Why)
{
    /// <summary>How often a weight that the traffic does not show yet is looked at.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);

    /// <summary>What the step sets on its way; null for nothing.</summary>
    public CanaryRolloutStatus? Changed { get; init; }

    /// <summary>When to look again although nothing changed; null for never.</summary>
    public TimeSpan? LookAgain { get; init; }

    /// <summary>Looks at the step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="snapshot">What is seen.</param>
    /// <param name="status">Where the rollout stands.</param>
    /// <param name="waived">A person takes a pause or a check as done. Instances and traffic are no matter of opinion.</param>
    public static StepProgress Of(RolloutStep step, RolloutSnapshot snapshot, CanaryRolloutStatus status, bool waived) => step switch
    {
        { SetWeight: { } weight } => OfWeight(weight, snapshot, status),
        { SetCanaryScale: { } scale } => OfScale(scale, snapshot, status),
        { Pause: not null } or { Analysis: not null } when waived => new(StepState.Done, "a person took it as done"),
        { Pause: { } pause } => OfPause(pause, snapshot, status),
        { Analysis: { } check } => OfCheck(check, snapshot, status),
        _ => new(StepState.Done, "a step without a setting"),
    };

    private static StepProgress OfWeight(int weight, RolloutSnapshot snapshot, CanaryRolloutStatus status) =>
        Missing(snapshot, weight) is { } missing ? new(StepState.OnItsWay, missing)
        : status.Weight != weight ? new(StepState.OnItsWay, $"weight {weight} was set") { Changed = status with { Weight = weight, WeightSince = snapshot.Now }, LookAgain = Glance }
        : snapshot.Split.Shows(weight) ? new(StepState.Done, $"the traffic shows a weight of {weight}: {snapshot.Split.Canary} of {snapshot.Split.Total} requests")
        : new(StepState.OnItsWay, $"the traffic does not show a weight of {weight} yet: {snapshot.Split.Canary} of {snapshot.Split.Total} requests") { LookAgain = Glance };

    private static StepProgress OfScale(int scale, RolloutSnapshot snapshot, CanaryRolloutStatus status) =>
        status.CanaryScale != scale ? new(StepState.OnItsWay, $"scale {scale} was set") { Changed = status with { CanaryScale = scale } }
        : Missing(snapshot, scale) is { } missing ? new(StepState.OnItsWay, missing)
        : new(StepState.Done, $"the canary has {scale} % of the stable version's instances");

    private static StepProgress OfPause(RolloutPause pause, RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        if (pause.Duration is null || KubeDuration.Parse(pause.Duration) is not { } duration)
        {
            return new(StepState.Waiting, "it waits for an approval");
        }

        var left = status.Step!.Since + duration - snapshot.Now;
        return left <= TimeSpan.Zero ? new(StepState.Done, $"{pause.Duration} are over") : new(StepState.Waiting, $"it waits for {pause.Duration}") { LookAgain = left };
    }

    private static StepProgress OfCheck(RolloutCheck check, RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        var (verdict, why) = snapshot.Evidence;
        if (verdict == RolloutVerdict.Pass)
        {
            return new(StepState.Done, why);
        }

        var left = status.Step!.Since + KubeDuration.Parse(check.AtMost) - snapshot.Now;
        return left > TimeSpan.Zero
            ? new(StepState.Waiting, $"not enough data yet: {why}") { LookAgain = left }
            : snapshot.Rollout.Spec.Analysis.WhenNotEnoughData switch
            {
                WithoutData.Continue => new(StepState.Done, $"nothing was shown in {check.AtMost}, and the declaration says to go on: {why}"),
                WithoutData.Wait => new(StepState.Waiting, $"nothing was shown in {check.AtMost}; it waits for a person: {why}"),
                _ => new(StepState.Failed, $"not enough data in {check.AtMost}: {why}"),
            };
    }

    /// <summary>The first service whose canary has too few ready instances; null when all have enough.</summary>
    private static string? Missing(RolloutSnapshot snapshot, int percent) => snapshot.Members
        .Where(member => (member.Canary?.Ready ?? 0) < member.NeededAt(percent))
        .Select(member => $"{member.Service}: {member.Canary?.Ready ?? 0} of {member.NeededAt(percent)} instances of the canary are ready")
        .FirstOrDefault();
}

/// <summary>How far a step is, in a word.</summary>
internal enum StepState
{
    OnItsWay,
    Waiting,
    Done,
    Failed,
}

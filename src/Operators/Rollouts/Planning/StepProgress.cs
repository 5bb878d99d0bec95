using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Planning;

/// <summary>How far a step is.</summary>
/// <param name="State">Done, on its way, waiting for a time or a person, or failed.</param>
/// <param name="Why">In a sentence, for people.</param>
internal sealed record StepProgress(StepState State, string Why)
{
    /// <summary>How often a weight that the traffic does not show yet is looked at.</summary>
    public static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);

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
        { SetMatch: { } match } => OfTraffic(Wanted(match) is null ? status.Match is null : Same(status.Match, match), status with { Match = Wanted(match) }, "requests that match go to the canary", snapshot, status),
        { SetMirror: { } mirror } => OfTraffic(status.Mirror == mirror, status with { Mirror = mirror }, $"the canary gets copies of {mirror} % of the requests", snapshot, status),
        { Pause: not null } or { Analysis: not null } when waived => new(StepState.Done, "a person took it as done"),
        { Pause: { } pause } => OfPause(pause, snapshot, status),
        { Analysis: { } check } => OfCheck(check, snapshot, status),
        _ => new(StepState.Done, "a step without a setting"),
    };

    private static StepProgress OfWeight(int weight, RolloutSnapshot snapshot, CanaryRolloutStatus status) =>
        Missing(snapshot, status, weight) is { } missing ? new(StepState.OnItsWay, missing)
        : status.Weight != weight ? new(StepState.OnItsWay, $"weight {weight} was set") { Changed = status with { Weight = weight, WeightSince = snapshot.Now }, LookAgain = Glance }
        : snapshot.Split.Shows(weight) ? new(StepState.Done, $"the traffic shows a weight of {weight}: {snapshot.Split.Canary} of {snapshot.Split.Total} requests")
        : new(StepState.OnItsWay, $"the traffic does not show a weight of {weight} yet: {snapshot.Split.Canary} of {snapshot.Split.Total} requests") { LookAgain = Glance };

    private static StepProgress OfScale(int scale, RolloutSnapshot snapshot, CanaryRolloutStatus status) =>
        status.CanaryScale != scale ? new(StepState.OnItsWay, $"scale {scale} was set") { Changed = status with { CanaryScale = scale } }
        : Missing(snapshot, status, scale) is { } missing ? new(StepState.OnItsWay, missing)
        : new(StepState.Done, $"the canary has {scale} % of the stable version's instances");

    private static StepProgress OfPause(RolloutPause pause, RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        if (pause.Duration is not { } text || KubeDuration.Parse(text) is not { } duration)
        {
            return new(StepState.Waiting, "it waits for an approval");
        }

        var left = status.Step!.Since + duration - snapshot.Now;
        return left <= TimeSpan.Zero ? new(StepState.Done, $"{pause.Duration} are over") : new(StepState.Waiting, $"it waits for {pause.Duration}") { LookAgain = left };
    }

    /// <summary>What needs an instance to be there, and is done when it is set.</summary>
    private static StepProgress OfTraffic(bool isSet, CanaryRolloutStatus set, string what, RolloutSnapshot snapshot, CanaryRolloutStatus status) =>
        Missing(snapshot, status, percent: 1) is { } missing ? new(StepState.OnItsWay, missing)
        : isSet ? new(StepState.Done, what)
        : new(StepState.OnItsWay, what) { Changed = set, LookAgain = TimeSpan.FromSeconds(1) };

    private static RolloutMatch? Wanted(RolloutMatch match) => match.Headers.Count + match.Cookies.Count == 0 ? null : match;

    private static bool Same(RolloutMatch? set, RolloutMatch match) =>
        set is not null && set.Headers.SequenceEqual(match.Headers) && set.Cookies.SequenceEqual(match.Cookies);

    private static StepProgress OfCheck(RolloutCheck check, RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        var evidence = snapshot.Evidence is { } known && known.Revision == snapshot.Declared ? known : new RolloutEvidence { Message = "no requests were compared yet" };
        if (evidence.Verdict == RolloutVerdict.Pass)
        {
            return new(StepState.Done, evidence.Message);
        }

        var left = status.Step!.Since + KubeDuration.Parse(check.AtMost) - snapshot.Now;
        return left > TimeSpan.Zero
            ? new(StepState.Waiting, $"not enough data yet: {evidence.Message}") { LookAgain = left }
            : snapshot.Rollout.Spec.Analysis.WhenNotEnoughData switch
            {
                WithoutData.Continue => new(StepState.Done, $"nothing was shown in {check.AtMost}, and the declaration says to go on: {evidence.Message}"),
                WithoutData.Wait => new(StepState.Waiting, $"nothing was shown in {check.AtMost}; it waits for a person: {evidence.Message}"),
                _ => new(StepState.Failed, $"not enough data in {check.AtMost}: {evidence.Message}"),
            };
    }

    /// <summary>The first service whose canary has too few ready instances; null when all have enough.</summary>
    private static string? Missing(RolloutSnapshot snapshot, CanaryRolloutStatus status, int percent) => status.Members.Zip(snapshot.Members)
        .Select(pair => (pair.Second, Needed: MemberMoves.NeededAt(percent, pair.First, pair.Second)))
        .Where(static pair => pair.Second.CanaryReady < pair.Needed)
        .Select(static pair => $"{pair.Second.Service}: {pair.Second.CanaryReady} of {pair.Needed} instances of the canary are ready")
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

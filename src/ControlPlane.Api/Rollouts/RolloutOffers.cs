using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Rollouts;

/// <summary>An action, and whether it would do anything now.</summary>
/// <param name="Action">The action.</param>
/// <param name="Objection">Why it would do nothing now, in a sentence; null when it would do something.</param>
public sealed record RolloutOffer(RolloutAction Action, string? Objection);

/// <summary>
/// What can be done to a rollout as it stands. Pure, and by the status alone: the operator, which has the last word, goes by the same, so that nothing is
/// offered which it would let pass without a trace.
/// </summary>
public static class RolloutOffers
{
    /// <summary>Every action, with what speaks against it.</summary>
    public static IReadOnlyList<RolloutOffer> Of(CanaryRollout rollout) => [.. RolloutActions.All.Select(action => new RolloutOffer(action, Objection(rollout, action)))];

    /// <summary>Why an action would do nothing now; null when it would do something.</summary>
    public static string? Objection(CanaryRollout rollout, RolloutAction action)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var (spec, status) = (rollout.Spec, rollout.Status ?? new());
        return action switch
        {
            RolloutAction.Pause => spec.Paused ? "it is paused already" : null,
            RolloutAction.Resume => spec.Paused ? null : "nobody paused it",
            RolloutAction.Retry => IsFailed(status) ? Pending(spec, status, action) : "what is declared did not fail",
            _ when status.CanaryRevision is null => "no revision is on its way",
            _ when status.Phase == RolloutPhase.RollingBack => "it is on its way back already",
            RolloutAction.Abort => Pending(spec, status, action),
            _ when status.Phase == RolloutPhase.Promoting => "all steps are done already: the stable version is taking it over",
            RolloutAction.OverrideHolds when status.Holds.Count == 0 => "nothing holds it",
            RolloutAction.OverrideHolds when status.Step is { OverridesHolds: true } => "its holds are overridden already",
            RolloutAction.Promote or RolloutAction.PromoteFully when spec.Paused => "it is paused: resume it first",
            RolloutAction.Promote or RolloutAction.PromoteFully when !IsFree(status) => $"it is held: {status.Holds[0].Message}",
            RolloutAction.Promote when !Waits(spec, status) => "it waits for nobody: the step of now sets something, and counts once that is seen",
            _ => Pending(spec, status, action),
        };
    }

    /// <summary>The revision that an action is about now; null when there is none.</summary>
    public static string? RevisionOf(CanaryRolloutStatus status, RolloutAction action)
    {
        ArgumentNullException.ThrowIfNull(status);
        return action == RolloutAction.Retry ? Declared(status) : status.CanaryRevision;
    }

    /// <summary>True when it stands at a pause without an end: to promote it is to approve it.</summary>
    public static bool WaitsForApproval(CanaryRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var (spec, status) = (rollout.Spec, rollout.Status ?? new());
        return status is { CanaryRevision: not null, Phase: RolloutPhase.Paused, Step: { IsWaived: false } position } && !spec.Paused && IsFree(status)
            && spec.Steps.ElementAtOrDefault(position.Index) is { Pause.Duration: null, Pause: not null };
    }

    /// <summary>The revision that is declared for all members together; null while not all are known.</summary>
    internal static string? Declared(CanaryRolloutStatus status) =>
        status.Members.Count == 0 || status.Members.Any(static member => member.Declared is null) ? null : string.Join('+', status.Members.Select(static member => member.Declared));

    private static bool IsFailed(CanaryRolloutStatus status) =>
        status.CanaryRevision is null && Declared(status) is { } declared && status.FailedRevisions.Contains(declared);

    private static bool IsFree(CanaryRolloutStatus status) => status.Holds.Count == 0 || status.Step is { OverridesHolds: true };

    private static bool Waits(CanaryRolloutSpec spec, CanaryRolloutStatus status) =>
        status.Step is { } position && spec.Steps.ElementAtOrDefault(position.Index) is { } step && (step.Pause is not null || step.Analysis is not null);

    /// <summary>
    /// One command is known at a time: another would take its place before it is done. To go back is always right; and what holds a rollout also holds the command to get on,
    /// which must not keep the holds from being set aside.
    /// </summary>
    private static string? Pending(CanaryRolloutSpec spec, CanaryRolloutStatus status, RolloutAction action) =>
        spec.Command is { } command && command.Id != status.LastCommand && command.Revision == RevisionOf(status, action)
            && !(action == RolloutAction.Abort && command.Type != RolloutCommandType.Abort)
            && !(action == RolloutAction.OverrideHolds && command.Type is RolloutCommandType.Promote or RolloutCommandType.PromoteFully)
                ? $"{command.Type} was asked for, and is not done yet"
                : null;
}

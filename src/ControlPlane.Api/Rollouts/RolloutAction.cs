using ControlPlane.Api.Access;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Rollouts;

/// <summary>What a person may do to a rollout.</summary>
public enum RolloutAction
{
    /// <summary>The pause or check of now counts as done. Of a pause without an end, that is its approval.</summary>
    Promote,

    /// <summary>All steps count as done.</summary>
    PromoteFully,

    /// <summary>Back to the stable version.</summary>
    Abort,

    /// <summary>A revision that failed is tried once more.</summary>
    Retry,

    /// <summary>What holds the rollout now holds this revision no more.</summary>
    OverrideHolds,

    /// <summary>Nothing moves until it is resumed.</summary>
    Pause,

    /// <summary>It goes on.</summary>
    Resume,
}

/// <summary>What an action is to the rest of the house.</summary>
public static class RolloutActions
{
    /// <summary>All of them, in the order in which they are offered.</summary>
    public static IReadOnlyList<RolloutAction> All { get; } = Enum.GetValues<RolloutAction>();

    /// <summary>What it takes of the caller.</summary>
    public static Permission Permission(this RolloutAction action) => action switch
    {
        RolloutAction.Promote => Permissions.PromoteRollout,
        RolloutAction.PromoteFully => Permissions.PromoteRolloutFully,
        RolloutAction.Abort => Permissions.AbortRollout,
        RolloutAction.Retry => Permissions.RetryRollout,
        RolloutAction.OverrideHolds => Permissions.OverrideRolloutHolds,
        RolloutAction.Pause => Permissions.PauseRollout,
        _ => Permissions.ResumeRollout,
    };

    /// <summary>
    /// Whether it takes a reason, whatever the configured policy says: it becomes the decision's own words, or it sets aside what protects users.
    /// </summary>
    public static bool TakesReason(this RolloutAction action) =>
        action is RolloutAction.PromoteFully or RolloutAction.Abort or RolloutAction.Retry or RolloutAction.OverrideHolds;

    /// <summary>The command that asks the operator for it; null for what is a field of the declaration.</summary>
    internal static RolloutCommandType? Command(this RolloutAction action) => action switch
    {
        RolloutAction.Promote => RolloutCommandType.Promote,
        RolloutAction.PromoteFully => RolloutCommandType.PromoteFully,
        RolloutAction.Abort => RolloutCommandType.Abort,
        RolloutAction.Retry => RolloutCommandType.Retry,
        RolloutAction.OverrideHolds => RolloutCommandType.OverrideHolds,
        _ => null,
    };
}

using System.Globalization;
using ControlPlane.Api.Rollouts;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Web.Elements;
using MudBlazor;

namespace ControlPlane.Web.Rollouts;

/// <summary>Words for what rollouts are and do.</summary>
internal static class RolloutWords
{
    /// <summary>How a rollout looks, by what people want to know of it first.</summary>
    public static Look LookOf(RolloutSummary rollout) => rollout switch
    {
        { Phase: RolloutPhase.Degraded } => new("Rolled back", Icons.Material.Rounded.Undo, "bad"),
        { Phase: RolloutPhase.RollingBack } => new("Rolling back", Icons.Material.Rounded.Undo, "bad"),
        { WaitsForApproval: true } => new("Waits for approval", Icons.Material.Rounded.HowToReg, "poor"),
        { IsHeld: true } => new("Held", Icons.Material.Rounded.FrontHand, "poor"),
        { Paused: true, CanaryRevision: not null } => new("Paused by hand", Icons.Material.Rounded.PauseCircle, "poor"),
        { Phase: RolloutPhase.Paused } => new("Paused", Icons.Material.Rounded.PauseCircle, "moving"),
        { Phase: RolloutPhase.Promoting } => new("Promoting", Icons.Material.Rounded.Publish, "moving"),
        { Phase: RolloutPhase.Progressing } => new("Progressing", Icons.Material.Rounded.ChangeCircle, "moving"),
        { Phase: RolloutPhase.Healthy } => new("Healthy", Icons.Material.Rounded.CheckCircle, "good"),
        _ => new("Not seen yet", Icons.Material.Rounded.Help, "unknown"),
    };

    /// <summary>How a verdict looks.</summary>
    public static Look LookOf(RolloutVerdict verdict) => verdict switch
    {
        RolloutVerdict.Pass => new("Pass", Icons.Material.Rounded.CheckCircle, "good"),
        RolloutVerdict.Fail => new("Fail", Icons.Material.Rounded.Dangerous, "bad"),
        _ => new("Not enough data", Icons.Material.Rounded.HourglassTop, "unknown"),
    };

    /// <summary>How what is declared stands to what users have.</summary>
    public static Look LookOf(DeclaredState state) => state switch
    {
        DeclaredState.Same => new("As declared", Icons.Material.Rounded.CheckCircle, "good"),
        DeclaredState.OnItsWay => new("On its way", Icons.Material.Rounded.ChangeCircle, "moving"),
        _ => new("Not what is declared", Icons.Material.Rounded.Difference, "drift"),
    };

    /// <summary>How a decision looks.</summary>
    public static Look LookOf(RolloutDecision decision) => decision.Type switch
    {
        RolloutDecisions.Started => new("Started", Icons.Material.Rounded.PlayCircle, "moving"),
        RolloutDecisions.StepDone => new("Step done", Icons.Material.Rounded.Check, "moving"),
        RolloutDecisions.Promoting => new("Promoting", Icons.Material.Rounded.Publish, "moving"),
        RolloutDecisions.Promoted => new("Promoted", Icons.Material.Rounded.CheckCircle, "good"),
        RolloutDecisions.RolledBack => new("Rolled back", Icons.Material.Rounded.Undo, "bad"),
        RolloutDecisions.Deployed => new("Deployed", Icons.Material.Rounded.RocketLaunch, "good"),
        RolloutDecisions.Superseded => new("Superseded", Icons.Material.Rounded.SkipNext, "unknown"),
        RolloutDecisions.Retried => new("Retried", Icons.Material.Rounded.Replay, "poor"),
        RolloutDecisions.Overridden => new("Overridden", Icons.Material.Rounded.GppMaybe, "poor"),
        var other => new(other, Icons.Material.Rounded.Circle, "unknown"),
    };

    /// <summary>What an action is called; to promote a pause without an end is to approve it.</summary>
    public static string NameOf(RolloutAction action, bool approves) => action switch
    {
        RolloutAction.Promote => approves ? "Approve" : "Promote",
        RolloutAction.PromoteFully => "Promote fully",
        RolloutAction.Abort => "Roll back",
        RolloutAction.Retry => "Retry",
        RolloutAction.OverrideHolds => "Override holds",
        RolloutAction.Pause => "Pause",
        _ => "Resume",
    };

    /// <summary>What will come of an action.</summary>
    public static string EffectOf(RolloutAction action, bool approves) => action switch
    {
        RolloutAction.Promote => approves ? "The pause ends, and the next step begins." : "The pause or check of now counts as done, whatever it would have shown. Instances and traffic must still agree before a weight counts.",
        RolloutAction.PromoteFully => "All steps that are left count as done: all requests go to the new version as soon as it has the instances for them.",
        RolloutAction.Abort => "Requests go back to the stable version, and the revision counts as failed: it is not tried again by itself.",
        RolloutAction.Retry => "The revision that failed is tried once more, from its first step.",
        RolloutAction.OverrideHolds => "What holds the rollout now holds this revision no more. Evidence against it still rolls it back.",
        RolloutAction.Pause => "Nothing moves until somebody resumes it. What fails is rolled back all the same.",
        _ => "It goes on from the step at which it stands.",
    };

    /// <summary>What a step does, in a few words.</summary>
    public static string Of(RolloutStep step) => step switch
    {
        { SetWeight: { } weight } => $"{weight} % of requests",
        { SetCanaryScale: { } scale } => $"{scale} % of instances",
        { SetMatch: { } match } => match.Headers.Count + match.Cookies.Count == 0
            ? "No requests by match"
            : $"Requests with {string.Join(" and ", match.Headers.Select(static header => $"{header.Name}: {header.Value}").Concat(match.Cookies.Select(static cookie => $"cookie {cookie.Name}={cookie.Value}")))}",
        { SetMirror: { } mirror } => $"{mirror} % mirrored",
        { Pause.Duration: { } duration } => $"Pause of {duration}",
        { Pause: not null } => "Approval",
        { Analysis: { } check } => $"Check, at most {check.AtMost}",
        _ => "Nothing",
    };

    /// <summary>A share in per cent, such as <c>19.9 %</c>.</summary>
    public static string Percent(double percent) => $"{percent.ToString("0.##", CultureInfo.InvariantCulture)} %";
}

using ControlPlane.Api.Approvals;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Traffic;
using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Api.Traffic.Limits;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using MudBlazor;

namespace ControlPlane.Web.Elements;

/// <summary>How a condition looks: a word, a shape and a colour, which all say the same.</summary>
/// <param name="Word">The word.</param>
/// <param name="Icon">The shape, as SVG.</param>
/// <param name="Tone">The colour, as a CSS class of app.css.</param>
public sealed record Look(string Word, string Icon, string Tone)
{
    /// <summary>Of a service; null for one that is not declared.</summary>
    public static Look Of(ServiceHealth? health) => health switch
    {
        ServiceHealth.Healthy => new("Healthy", Icons.Material.Rounded.CheckCircle, "good"),
        ServiceHealth.Progressing => new("Progressing", Icons.Material.Rounded.ChangeCircle, "moving"),
        ServiceHealth.Degraded => new("Degraded", Icons.Material.Rounded.Warning, "poor"),
        ServiceHealth.Stalled => new("Stalled", Icons.Material.Rounded.Dangerous, "bad"),
        ServiceHealth.Unknown => new("Unknown", Icons.Material.Rounded.Help, "unknown"),
        _ => new("Not declared", Icons.Material.Rounded.LinkOff, "unknown"),
    };

    /// <summary>Of an instance.</summary>
    public static Look Of(InstanceHealth health) => health switch
    {
        InstanceHealth.Serving => new("Serving", Icons.Material.Rounded.CheckCircle, "good"),
        InstanceHealth.Pending => new("Pending", Icons.Material.Rounded.Pending, "moving"),
        InstanceHealth.NotReady => new("Not ready", Icons.Material.Rounded.Warning, "poor"),
        InstanceHealth.Unhealthy => new("Unhealthy", Icons.Material.Rounded.Dangerous, "bad"),
        InstanceHealth.Flapping => new("Flapping", Icons.Material.Rounded.SwapVerticalCircle, "poor"),
        InstanceHealth.Preserved => new("Preserved", Icons.Material.Rounded.Shield, "drift"),
        _ => new("Terminating", Icons.Material.Rounded.RemoveCircle, "unknown"),
    };

    /// <summary>Of what would become of an object.</summary>
    public static Look Of(PlannedAction action) => action switch
    {
        PlannedAction.Create => new("Create", Icons.Material.Rounded.AddCircle, "good"),
        PlannedAction.Update => new("Update", Icons.Material.Rounded.ChangeCircle, "moving"),
        PlannedAction.Delete => new("Delete", Icons.Material.Rounded.RemoveCircle, "bad"),
        PlannedAction.Refuse => new("Refused", Icons.Material.Rounded.Block, "bad"),
        _ => new("Unchanged", Icons.Material.Rounded.CheckCircle, "unknown"),
    };

    /// <summary>Of a request for approval.</summary>
    public static Look Of(ApprovalState state) => state switch
    {
        ApprovalState.Pending => new("Waits", Icons.Material.Rounded.HourglassTop, "moving"),
        ApprovalState.Approved => new("Running", Icons.Material.Rounded.ChangeCircle, "moving"),
        ApprovalState.Done => new("Done", Icons.Material.Rounded.CheckCircle, "good"),
        ApprovalState.Failed => new("Failed", Icons.Material.Rounded.Dangerous, "bad"),
        ApprovalState.Declined => new("Declined", Icons.Material.Rounded.Block, "bad"),
        ApprovalState.Withdrawn => new("Withdrawn", Icons.Material.Rounded.Undo, "unknown"),
        ApprovalState.Overtaken => new("Overtaken", Icons.Material.Rounded.Warning, "poor"),
        _ => new("Expired", Icons.Material.Rounded.HourglassDisabled, "unknown"),
    };

    /// <summary>Of a traffic policy.</summary>
    public static Look Of(PolicyState state) => state switch
    {
        PolicyState.Ready => new("Ready", Icons.Material.Rounded.CheckCircle, "good"),
        PolicyState.NotProgrammed => new("Not programmed", Icons.Material.Rounded.Warning, "poor"),
        PolicyState.NotAccepted => new("Not accepted", Icons.Material.Rounded.Block, "bad"),
        _ => new("Pending", Icons.Material.Rounded.Pending, "moving"),
    };

    /// <summary>Of a circuit, at all gateways.</summary>
    public static Look Of(CircuitStanding state) => state switch
    {
        CircuitStanding.Open => Of(CircuitState.Open),
        CircuitStanding.ForcedOpen => Of(CircuitState.ForcedOpen),
        CircuitStanding.HalfOpen => Of(CircuitState.HalfOpen),
        CircuitStanding.ForcedClosed => Of(CircuitState.ForcedClosed),
        CircuitStanding.Closed => Of(CircuitState.Closed),
        _ => new("No requests yet", Icons.Material.Rounded.RadioButtonUnchecked, "unknown"),
    };

    /// <summary>Of a circuit at a gateway.</summary>
    public static Look Of(CircuitState state) => state switch
    {
        CircuitState.Open => new("Open", Icons.Material.Rounded.Dangerous, "bad"),
        CircuitState.ForcedOpen => new("Forced open", Icons.Material.Rounded.Block, "bad"),
        CircuitState.HalfOpen => new("Half open", Icons.Material.Rounded.ChangeCircle, "poor"),
        CircuitState.ForcedClosed => new("Forced closed", Icons.Material.Rounded.Lock, "drift"),
        _ => new("Closed", Icons.Material.Rounded.CheckCircle, "good"),
    };

    /// <summary>Of a limit.</summary>
    public static Look Of(LimitStanding state) => state switch
    {
        LimitStanding.Refusing => new("Refusing", Icons.Material.Rounded.Block, "bad"),
        LimitStanding.Watching => new("Would refuse", Icons.Material.Rounded.Visibility, "poor"),
        LimitStanding.Within => new("Within", Icons.Material.Rounded.CheckCircle, "good"),
        _ => new("No requests yet", Icons.Material.Rounded.RadioButtonUnchecked, "unknown"),
    };

    /// <summary>Of an owned object.</summary>
    public static Look Of(ObjectSync sync) => sync switch
    {
        ObjectSync.InSync => new("In sync", Icons.Material.Rounded.CheckCircle, "good"),
        ObjectSync.Drifted => new("Drifted", Icons.Material.Rounded.Difference, "drift"),
        _ => new("Missing", Icons.Material.Rounded.Dangerous, "bad"),
    };
}

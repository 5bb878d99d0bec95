using Compliance.Audit;
using ControlPlane.Web.Elements;
using MudBlazor;

namespace ControlPlane.Web.Audit;

/// <summary>How outcomes look.</summary>
internal static class EntryLook
{
    public static Look Of(AuditOutcome? outcome) => outcome switch
    {
        AuditOutcome.Succeeded => new("Succeeded", Icons.Material.Rounded.CheckCircle, "good"),
        AuditOutcome.Failed => new("Failed", Icons.Material.Rounded.Dangerous, "bad"),
        AuditOutcome.Refused => new("Refused", Icons.Material.Rounded.Block, "poor"),
        AuditOutcome.Pending => new("Pending", Icons.Material.Rounded.Pending, "moving"),
        AuditOutcome.Attempted => new("Attempted", Icons.Material.Rounded.ChangeCircle, "moving"),
        _ => new("Unknown", Icons.Material.Rounded.Help, "unknown"),
    };
}

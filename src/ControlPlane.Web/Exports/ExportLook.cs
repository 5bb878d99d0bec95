using ControlPlane.Api.Audit.Exports;
using ControlPlane.Web.Elements;
using MudBlazor;

namespace ControlPlane.Web.Exports;

/// <summary>How exports look.</summary>
internal static class ExportLook
{
    public static Look Of(ExportState state) => state switch
    {
        ExportState.Queued => new("Queued", Icons.Material.Rounded.Pending, "moving"),
        ExportState.Running => new("Running", Icons.Material.Rounded.ChangeCircle, "moving"),
        ExportState.Done => new("Done", Icons.Material.Rounded.CheckCircle, "good"),
        ExportState.Failed => new("Failed", Icons.Material.Rounded.Dangerous, "bad"),
        ExportState.Cancelled => new("Called off", Icons.Material.Rounded.Block, "unknown"),
        _ => new("Expired", Icons.Material.Rounded.Inventory2, "unknown"),
    };
}

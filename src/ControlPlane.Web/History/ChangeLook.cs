using ControlPlane.Api.History;
using ControlPlane.Web.Elements;
using MudBlazor;

namespace ControlPlane.Web.History;

/// <summary>How changes of declarations look.</summary>
internal static class ChangeLook
{
    public static Look Of(HistoryChangeKind kind) => kind switch
    {
        HistoryChangeKind.FirstSeen => new("First seen", Icons.Material.Rounded.Visibility, "unknown"),
        HistoryChangeKind.Created => new("Created", Icons.Material.Rounded.AddCircle, "good"),
        HistoryChangeKind.Deleted => new("Deleted", Icons.Material.Rounded.RemoveCircle, "bad"),
        _ => new("Changed", Icons.Material.Rounded.ChangeCircle, "moving"),
    };
}

using MudBlazor;

namespace ControlPlane.Web.Shell;

/// <summary>A page that the navigation leads to.</summary>
/// <param name="Name">Name.</param>
/// <param name="Address">Address.</param>
/// <param name="Icon">Picture, as SVG.</param>
/// <param name="Shortcut">Keys that lead there.</param>
internal sealed record Place(string Name, string Address, string Icon, string Shortcut)
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<Place> All { get; } =
    [
        new("Fleet", "/", Icons.Material.Rounded.ViewList, "g f"),
        new("Activity", "/activity", Icons.Material.Rounded.Timeline, "g a"),
        new("Preview", "/preview", Icons.Material.Rounded.Difference, "g p"),
        new("History", "/history", Icons.Material.Rounded.History, "g h"),
        new("Audit", "/audit", Icons.Material.Rounded.FactCheck, "g l"),
        new("Exports", "/exports", Icons.Material.Rounded.FolderZip, "g e"),
        new("Approvals", "/approvals", Icons.Material.Rounded.HowToReg, "g v"),
        new("Onboarding", "/onboarding", Icons.Material.Rounded.MoveToInbox, "g o"),
    ];
}

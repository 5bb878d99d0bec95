using ControlPlane.Api.Access;
using MudBlazor;

namespace ControlPlane.Web.Shell;

/// <summary>A page that the navigation leads to.</summary>
/// <param name="Name">Name.</param>
/// <param name="Address">Address.</param>
/// <param name="Icon">Picture, as SVG.</param>
/// <param name="Shortcut">Keys that lead there.</param>
/// <param name="Permission">What it takes to see it; who may not is not led there.</param>
internal sealed record Place(string Name, string Address, string Icon, string Shortcut, Permission Permission)
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<Place> All { get; } =
    [
        new("Fleet", "/", Icons.Material.Rounded.ViewList, "g f", Permissions.ReadServices),
        new("Rollouts", "/rollouts", Icons.Material.Rounded.AltRoute, "g n", Permissions.ReadServices),
        new("Incidents", "/incidents", Icons.Material.Rounded.LocalFireDepartment, "g x", Permissions.ReadIncidents),
        new("Traffic", "/traffic", Icons.Material.Rounded.Hub, "g m", Permissions.ReadServices),
        new("Policies", "/policies", Icons.Material.Rounded.Traffic, "g t", Permissions.ReadServices),
        new("Circuits", "/circuits", Icons.Material.Rounded.ElectricalServices, "g c", Permissions.ReadServices),
        new("Limits", "/limits", Icons.Material.Rounded.Speed, "g i", Permissions.ReadServices),
        new("Activity", "/activity", Icons.Material.Rounded.Timeline, "g a", Permissions.ReadActivity),
        new("Preview", "/preview", Icons.Material.Rounded.Difference, "g p", Permissions.Plan),
        new("History", "/history", Icons.Material.Rounded.History, "g h", Permissions.ReadHistory),
        new("Audit", "/audit", Icons.Material.Rounded.FactCheck, "g l", Permissions.ReadAudit),
        new("Exports", "/exports", Icons.Material.Rounded.FolderZip, "g e", Permissions.ExportAudit),
        new("Retention", "/retention", Icons.Material.Rounded.Inventory2, "g r", Permissions.ReadRetention),
        new("Approvals", "/approvals", Icons.Material.Rounded.HowToReg, "g v", Permissions.DecideApprovals),
        new("Onboarding", "/onboarding", Icons.Material.Rounded.MoveToInbox, "g o", Permissions.ReadOnboarding),
        new("Access", "/access", Icons.Material.Rounded.ManageAccounts, "g u", Permissions.ReadAccess),
    ];
}

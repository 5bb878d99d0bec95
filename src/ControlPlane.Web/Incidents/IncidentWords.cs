using ControlPlane.Api.Incidents;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Web.Elements;
using MudBlazor;

namespace ControlPlane.Web.Incidents;

/// <summary>Words for what incidents are.</summary>
internal static class IncidentWords
{
    /// <summary>How a severity looks.</summary>
    public static Look LookOf(IncidentSeverity severity) => severity switch
    {
        IncidentSeverity.P0 => new("P0", Icons.Material.Rounded.Dangerous, "bad"),
        IncidentSeverity.P1 => new("P1", Icons.Material.Rounded.Dangerous, "bad"),
        IncidentSeverity.P2 => new("P2", Icons.Material.Rounded.Warning, "poor"),
        _ => new("P3", Icons.Material.Rounded.Info, "unknown"),
    };

    /// <summary>What a severity means.</summary>
    public static string MeaningOf(IncidentSeverity severity) => severity switch
    {
        IncidentSeverity.P0 => "everything stands, or money or data are lost",
        IncidentSeverity.P1 => "much is broken for many",
        IncidentSeverity.P2 => "something is broken, and there is a way around it",
        _ => "a blemish",
    };

    /// <summary>How it looks whether an incident is open.</summary>
    public static Look LookOf(DateTimeOffset? resolved) => resolved is null
        ? new("Open", Icons.Material.Rounded.LocalFireDepartment, "bad")
        : new("Resolved", Icons.Material.Rounded.CheckCircle, "good");

    /// <summary>How a note looks.</summary>
    public static Look LookOf(IncidentNoteType type) => type switch
    {
        IncidentNoteType.Declared => new("Declared", Icons.Material.Rounded.LocalFireDepartment, "bad"),
        IncidentNoteType.RolledBack => new("Rolled back", Icons.Material.Rounded.Undo, "poor"),
        IncidentNoteType.Resolved => new("Resolved", Icons.Material.Rounded.CheckCircle, "good"),
        _ => new("Note", Icons.Material.Rounded.Notes, "unknown"),
    };
}

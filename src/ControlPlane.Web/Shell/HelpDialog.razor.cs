namespace ControlPlane.Web.Shell;

/// <summary>Lists the keyboard shortcuts.</summary>
public sealed partial class HelpDialog
{
    /// <summary>Id of the dialog.</summary>
    public const string Id = "help";

    private static readonly (string Title, (string Keys, string What)[] Shortcuts)[] Groups =
    [
        ("Go to", [.. Place.All.Select(place => (place.Shortcut, place.Name)), ("Ctrl+K", "Any service")]),
        ("In lists", [("j", "Next row"), ("k", "Row before"), ("Home End", "First, last row"), ("Enter", "Open"), ("/", "Search")]),
        ("Everywhere", [("?", "This help"), ("Esc", "Close what is open")]),
    ];
}

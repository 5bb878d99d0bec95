using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Elements;

/// <summary>A part of a page that has an address of its own.</summary>
/// <param name="Word">Its word in the address.</param>
/// <param name="Title">Title.</param>
/// <param name="Address">Address.</param>
/// <param name="Count">How many things it shows; null when that says nothing.</param>
public sealed record Tab(string Word, string Title, string Address, int? Count = null);

/// <summary>Leads between the parts of a page. Links, not buttons: each part can be shared, opened elsewhere and gone back to.</summary>
public sealed partial class TabLinks
{
    /// <summary>What the parts are parts of.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The parts.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Tab> Tabs { get; set; } = [];

    /// <summary>Word of the part that is shown.</summary>
    [Parameter, EditorRequired]
    public string Here { get; set; } = "";
}

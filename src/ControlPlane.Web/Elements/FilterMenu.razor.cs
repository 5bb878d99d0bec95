using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Elements;

/// <summary>Something to choose.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">How many there are of it; null where nobody counts.</param>
public sealed record FilterOption(string Value, int? Count = null);

/// <summary>A button with ticks behind it. The browser's own popover: Escape and a click elsewhere close it, and the focus goes back.</summary>
public sealed partial class FilterMenu
{
    private const int FewOptions = 8;

    /// <summary>More than anybody reads: he can find instead.</summary>
    private const int MostShown = 200;

    private readonly string _id = $"menu-{Guid.NewGuid():N}";
    private string _find = "";

    /// <summary>What is chosen, in one word.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>What there is to choose.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<FilterOption> Options { get; set; } = [];

    /// <summary>What is chosen; empty for any.</summary>
    [Parameter]
    public IReadOnlyCollection<string> Chosen { get; set; } = [];

    /// <summary>Told of another choice.</summary>
    [Parameter]
    public EventCallback<IReadOnlyCollection<string>> ChosenChanged { get; set; }

    /// <summary>Options that match what was typed, and chosen ones that do not exist any more: they must be there to be unticked.</summary>
    private IEnumerable<FilterOption> Shown => Options
        .UnionBy(Chosen.Select(value => new FilterOption(value, 0)), option => option.Value)
        .Where(option => option.Value.Contains(_find.Trim(), StringComparison.OrdinalIgnoreCase))
        .Take(MostShown);

    private Task ToggleAsync(string value, bool chosen) =>
        ChosenChanged.InvokeAsync(chosen ? [.. Chosen, value] : [.. Chosen.Where(other => other != value)]);
}

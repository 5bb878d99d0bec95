using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ControlPlane.Web.Shell;

/// <summary>Lets people choose the colour scheme.</summary>
public sealed partial class ThemeChoice
{
    private Theme _chosen = Theme.System;

    /// <summary>The scheme that the document was rendered with.</summary>
    [CascadingParameter]
    public Theme Rendered { get; set; } = Theme.System;

    [Inject]
    private Browser Browser { get; set; } = null!;

    private string Picture => _chosen.Name switch
    {
        "light" => Icons.Material.Rounded.LightMode,
        "dark" => Icons.Material.Rounded.DarkMode,
        _ => Icons.Material.Rounded.Contrast,
    };

    /// <inheritdoc/>
    protected override void OnInitialized() => _chosen = Rendered;

    private async Task ChooseAsync(ChangeEventArgs change)
    {
        _chosen = Theme.Of(change.Value as string);
        await Browser.SetThemeAsync(_chosen);
    }
}

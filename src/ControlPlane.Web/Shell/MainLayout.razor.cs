using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Shell;

/// <summary>What is around every page.</summary>
public sealed partial class MainLayout
{
    private Boundary? _boundary;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <summary>The base of the document is "/", so a bare fragment would lead there.</summary>
    private string SkipTarget => $"{new Uri(Navigation.Uri).PathAndQuery}#content";

    /// <inheritdoc/>
    protected override void OnParametersSet() => _boundary?.Recover(); // another page deserves another try
}

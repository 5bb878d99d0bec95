using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Access;

/// <summary>People and their roles, tokens, sessions and blocks.</summary>
public sealed partial class AccessPage : IDisposable
{
    private AccessUrl _url = new(AccessUrl.FirstTab);

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private static IReadOnlyList<Tab> Tabs => [.. AccessUrl.Tabs.Select(tab => new Tab(tab.Word, tab.Title, new AccessUrl(tab.Word).Write()))];

    /// <inheritdoc/>
    public void Dispose() => Navigation.LocationChanged -= Moved;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        _url = AccessUrl.Read(Navigation.Uri);
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == AccessUrl.Path)
        {
            _url = AccessUrl.Read(e.Location);
            StateHasChanged();
        }
    }
}

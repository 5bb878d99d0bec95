using ControlPlane.Api.Access;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Retention;

/// <summary>Retention classes and pruning, legal holds, and erasure of personal data.</summary>
public sealed partial class RetentionPage : IDisposable
{
    private RetentionUrl _url = new();

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private static IReadOnlyList<Tab> Tabs => [.. RetentionUrl.Tabs.Select(static tab => new Tab(tab.Word, tab.Title, new RetentionUrl(tab.Word).Write()))];

    /// <inheritdoc/>
    public void Dispose() => Navigation.LocationChanged -= Moved;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        _url = RetentionUrl.Read(Navigation.Uri);
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == RetentionUrl.Path)
        {
            _url = RetentionUrl.Read(e.Location);
            StateHasChanged();
        }
    }
}

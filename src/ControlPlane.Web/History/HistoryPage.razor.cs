using ControlPlane.Api.Access;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.History;
using ControlPlane.Api.Problems;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.History;

/// <summary>The fleet's past: what changed in a period, and what one service or all were at an instant. The address holds all of it.</summary>
public sealed partial class HistoryPage : IDisposable
{
    private HistoryUrl _url = new();
    private HistoryPeriod? _period;
    private DateTimeOffset? _moment;
    private ProblemDescription? _problem;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private IReadOnlyList<FilterOption> Namespaces => [.. Fleet.Count().ByNamespace.Keys.Order(StringComparer.Ordinal).Select(ns => new FilterOption(ns))];

    /// <inheritdoc/>
    public void Dispose() => Navigation.LocationChanged -= Moved;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == HistoryUrl.Path)
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        var before = _url;
        _url = HistoryUrl.Read(Navigation.Uri);
        try
        {
            // A period that ends now must not move on with each click.
            var isSame = _period is not null && (before.From, before.To, before.Namespace, before.Service) == (_url.From, _url.To, _url.Namespace, _url.Service);
            _period = isSame ? _period : _url.Period(Time.GetUtcNow());
            (_moment, _problem) = (_url.Moment(), null);
        }
        catch (RequestException e)
        {
            _problem = ProblemDescription.Of(e);
        }
    }

    private void Go(HistoryUrl url) => Navigation.NavigateTo(url.Write(), replace: true);
}

using ControlPlane.Api.Fleet;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Fleet;

/// <summary>All services: how many of which sort, and a list that the address filters and sorts.</summary>
public sealed partial class FleetPage
{
    private FleetUrl _url = new(new FleetFilter(), Selected: null);
    private FleetCounts _counts = null!;
    private IReadOnlySet<ObjectKey> _changed = new HashSet<ObjectKey>();
    private IReadOnlyList<ServiceSummary> _services = [];
    private ProblemDescription? _problem;

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
        Follow(Fleet.Changes, Show);
    }

    /// <inheritdoc/>
    protected override void OnGone() => Navigation.LocationChanged -= Moved;

    private Task Show(IReadOnlySet<ObjectKey> changed)
    {
        _counts = Fleet.Count();
        _services = Fleet.List(_url.Filter);
        _changed = changed;
        StateHasChanged();
        return Task.CompletedTask;
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == "/")
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        try
        {
            (_url, _problem) = (FleetUrl.Read(Navigation.Uri), null);
            _services = Fleet.List(_url.Filter);
        }
        catch (RequestException e)
        {
            _problem = ProblemDescription.Of(e);
        }
    }
}

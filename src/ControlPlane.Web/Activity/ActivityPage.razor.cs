using ControlPlane.Api.Activity;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Problems;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Activity;

/// <summary>Reconciles, changes and events of the whole cluster, filtered by the address.</summary>
public sealed partial class ActivityPage : IDisposable
{
    private ActivityFilter _filter = new();
    private ProblemDescription? _problem;

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    [Inject]
    private ActivityLog Log { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IReadOnlyList<FilterOption> Kinds =>
        [.. Enum.GetValues<ActivityKind>().Select(kind => new FilterOption(kind.ToString(), Log.Count(_filter with { Kinds = [kind] })))];

    private IReadOnlyList<FilterOption> Namespaces =>
        [.. Fleet.Count().ByNamespace.Keys.Order(StringComparer.Ordinal).Select(ns => new FilterOption(ns, Log.Count(_filter with { Namespace = ns })))];

    /// <inheritdoc/>
    public void Dispose() => Navigation.LocationChanged -= Moved;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
    }

    private static IReadOnlyCollection<string> Chosen(string? one) => one is null ? [] : [one];

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == "/activity")
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        try
        {
            (_filter, _problem) = (ActivityUrl.Read(Navigation.Uri), null);
        }
        catch (RequestException e)
        {
            _problem = ProblemDescription.Of(e);
        }
    }

    private void Go(ActivityFilter filter) => Navigation.NavigateTo(ActivityUrl.Write(filter), replace: true);
}

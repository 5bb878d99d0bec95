using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Traffic;

/// <summary>All circuits with their states now. The address filters and sorts.</summary>
public sealed partial class CircuitsPage
{
    private static readonly (string Title, CircuitSort Sort)[] Columns =
    [
        ("State", CircuitSort.State), ("Service", CircuitSort.Service), ("Namespace", CircuitSort.Namespace), ("Team", CircuitSort.Team), ("Since", CircuitSort.Since), ("Changes", CircuitSort.Changes),
    ];

    private CircuitFilter _filter = new();
    private CircuitList? _list;
    private List<CircuitSummary> _shown = [];
    private ProblemDescription? _unfit;

    [Inject]
    private CircuitQuery Circuits { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
    }

    /// <inheritdoc/>
    protected override void OnGone()
    {
        base.OnGone();
        Navigation.LocationChanged -= Moved;
    }

    /// <inheritdoc/>
    protected override Task ReadAsync() => AskAsync(Circuits.ListAsync, list =>
    {
        _list = list;
        Choose();
    });

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == CircuitUrl.Page)
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        try
        {
            (_filter, _unfit) = (CircuitUrl.Read(Navigation.Uri), null);
            Choose();
        }
        catch (RequestException e)
        {
            _unfit = ProblemDescription.Of(e);
        }
    }

    private void Choose() => _shown = [.. _filter.Choose(_list?.Circuits ?? [])];

    private IReadOnlyList<FilterOption> Count(Func<CircuitSummary, string> by) =>
        [.. _list!.Circuits.CountBy(by).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new FilterOption(entry.Key, entry.Value))];

    private string? SortWord(CircuitSort sort) => _filter.Sort != sort ? null : _filter.Descending ? "descending" : "ascending";

    /// <summary>Typing and ticking refine one view: going back leaves it rather than undoing letter by letter.</summary>
    private void Go(CircuitFilter filter) => Navigation.NavigateTo(CircuitUrl.Write(filter), replace: true);
}

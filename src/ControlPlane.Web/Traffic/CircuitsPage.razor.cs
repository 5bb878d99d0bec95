using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;

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

    [Inject]
    private CircuitQuery Circuits { get; set; } = null!;

    /// <inheritdoc/>
    protected override string Path => CircuitUrl.Page;

    /// <inheritdoc/>
    protected override Task ReadAsync() => AskAsync(Circuits.ListAsync, list =>
    {
        _list = list;
        Choose();
    });

    /// <inheritdoc/>
    protected override void Show(string address)
    {
        _filter = CircuitUrl.Read(address);
        Choose();
    }

    private void Choose() => _shown = [.. _filter.Choose(_list?.Circuits ?? [])];

    private IReadOnlyList<FilterOption> Count(Func<CircuitSummary, string> by) =>
        [.. _list!.Circuits.CountBy(by).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new FilterOption(entry.Key, entry.Value))];

    private string? SortWord(CircuitSort sort) => _filter.Sort != sort ? null : _filter.Descending ? "descending" : "ascending";

    /// <summary>Typing and ticking refine one view: going back leaves it rather than undoing letter by letter.</summary>
    private void Go(CircuitFilter filter) => Navigation.NavigateTo(CircuitUrl.Write(filter), replace: true);
}

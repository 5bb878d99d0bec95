using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Rollouts;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Rollouts;

/// <summary>All rollouts, as they stand now. The address filters, sorts and pages.</summary>
public sealed partial class RolloutsPage
{
    private static readonly (string Title, RolloutSort Sort)[] Columns =
    [
        ("State", RolloutSort.Urgency), ("Rollout", RolloutSort.Name), ("Namespace", RolloutSort.Namespace), ("Requests to the canary", RolloutSort.Weight), ("For", RolloutSort.Since),
    ];

    private RolloutFilter _filter = new();
    private string? _cursor;
    private IReadOnlyList<RolloutSummary> _all = [];
    private ListPage<RolloutSummary> _page = new([], NextCursor: null, Total: 0);
    private int _moving;
    private ProblemDescription? _problem;

    [Inject]
    private RolloutQuery Rollouts { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        Read();
        Follow(Rollouts.Changes, _ =>
        {
            Read();
            StateHasChanged();
            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    protected override void OnGone() => Navigation.LocationChanged -= Moved;

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == RolloutUrl.Page)
        {
            Read();
            StateHasChanged();
        }
    }

    private void Read()
    {
        try
        {
            var request = RolloutUrl.Read(Navigation.Uri);
            (_filter, _cursor, _all) = (request.ToFilter(), request.Cursor, Rollouts.All());
            (_page, _problem) = (request.Cut(_filter.Choose(_all)), null);
            _moving = _all.Count(static rollout => rollout.CanaryRevision is not null);
        }
        catch (RequestException e)
        {
            _problem = ProblemDescription.Of(e);
        }
    }

    private IReadOnlyList<FilterOption> Count(Func<RolloutSummary, IEnumerable<string?>> by) =>
        [.. _all.SelectMany(by).OfType<string>().CountBy(static value => value).OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => new FilterOption(entry.Key, entry.Value))];

    private string? SortWord(RolloutSort sort) => _filter.Sort != sort ? null : _filter.Descending ? "descending" : "ascending";

    /// <summary>Typing and ticking refine one view: going back leaves it rather than undoing letter by letter.</summary>
    private void Go(RolloutFilter filter) => Navigation.NavigateTo(RolloutUrl.Write(filter), replace: true);
}

using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Traffic;

/// <summary>All traffic policies: whom each is for, and how far it holds. The address filters and sorts.</summary>
public sealed partial class PoliciesPage
{
    private static readonly (string Title, PolicySort Sort)[] Columns =
    [
        ("State", PolicySort.State), ("Policy", PolicySort.Name), ("Kind", PolicySort.Kind), ("Namespace", PolicySort.Namespace), ("Services", PolicySort.Targets), ("Made", PolicySort.Created),
    ];

    private PolicyFilter _filter = new();
    private IReadOnlyList<PolicySummary> _all = [];
    private List<PolicySummary> _shown = [];
    private ProblemDescription? _problem;

    [Inject]
    private PolicyQuery Policies { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
        Follow(Policies.Changes, _ =>
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
        if (new Uri(e.Location).AbsolutePath == PolicyUrl.Page)
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        try
        {
            (_filter, _problem) = (PolicyUrl.Read(Navigation.Uri), null);
            Read();
        }
        catch (RequestException e)
        {
            _problem = ProblemDescription.Of(e);
        }
    }

    private void Read()
    {
        _all = Policies.All();
        _shown = [.. PolicyQuery.Choose(_all, _filter)];
    }

    private IReadOnlyList<FilterOption> Count(Func<PolicySummary, string> by) =>
        [.. _all.CountBy(by).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new FilterOption(entry.Key, entry.Value))];

    private string? SortWord(PolicySort sort) => _filter.Sort != sort ? null : _filter.Descending ? "descending" : "ascending";

    /// <summary>Typing and ticking refine one view: going back leaves it rather than undoing letter by letter.</summary>
    private void Go(PolicyFilter filter) => Navigation.NavigateTo(PolicyUrl.Write(filter), replace: true);
}

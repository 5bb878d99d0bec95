using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Fleet;

/// <summary>Narrows the list of services; every choice goes into the address.</summary>
public sealed partial class FleetFilters
{
    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public FleetUrl Url { get; set; } = null!;

    /// <summary>How many services there are of each sort.</summary>
    [Parameter, EditorRequired]
    public FleetCounts Counts { get; set; } = null!;

    /// <summary>How many match.</summary>
    [Parameter]
    public int Matching { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IReadOnlyList<FilterOption> Tiers =>
        [.. Enum.GetValues<ServiceTier>().Select(tier => new FilterOption(tier.ToString(), Counts.ByTier.GetValueOrDefault(tier)))];

    private bool IsNarrowed => Url.Filter is not
        { Text: null, Namespaces.Count: 0, Teams.Count: 0, Tiers.Count: 0, Healths.Count: 0, Drifted: false };

    private string Cleared => new FleetUrl(new FleetFilter { Sort = Url.Filter.Sort, Descending = Url.Filter.Descending }, Selected: null).Write();

    private string Summary => Matching == Counts.Total
        ? IndianNumber.Of(Matching, "service")
        : $"{IndianNumber.Count(Matching)} of {IndianNumber.Of(Counts.Total, "service")}";

    private static IReadOnlyList<FilterOption> Options(IReadOnlyDictionary<string, int> counts) =>
        [.. counts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new FilterOption(entry.Key, entry.Value))];

    private void Search(string? text) => Go(Url.Filter with { Text = text });

    /// <summary>Typing and ticking refine one view: going back leaves it rather than undoing letter by letter.</summary>
    private void Go(FleetFilter filter) => Navigation.NavigateTo(new FleetUrl(filter, Selected: null).Write(), replace: true);
}

using ControlPlane.Api.Fleet;
using MudBlazor;

namespace ControlPlane.Web.Fleet;

/// <summary>A column of the list of services; each can be sorted by.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Class">CSS class of its cells.</param>
/// <param name="Sort">What it is sorted by.</param>
/// <param name="DescendingFirst">True where the largest is what people look for.</param>
internal sealed record FleetColumn(string Title, string Class, FleetSort Sort, bool DescendingFirst = false)
{
    /// <summary>All of them, from left to right.</summary>
    public static IReadOnlyList<FleetColumn> All { get; } =
    [
        new("Health", "health", FleetSort.Health),
        new("Service", "service", FleetSort.Name),
        new("Namespace", "namespace", FleetSort.Namespace),
        new("Team", "team", FleetSort.Team),
        new("Tier", "tier", FleetSort.Tier),
        new("Version", "version", FleetSort.Version),
        new("Instances", "instances", FleetSort.Instances),
        new("Drift", "repairs", FleetSort.Repairs, DescendingFirst: true),
        new("Age", "age", FleetSort.Created, DescendingFirst: true),
    ];

    /// <summary>The filter with the list sorted by this column; the other way round when it is already.</summary>
    public FleetFilter Sorted(FleetFilter filter) =>
        filter with { Sort = Sort, Descending = filter.Sort == Sort ? !filter.Descending : DescendingFirst };

    /// <summary>Value of <c>aria-sort</c>; null for a column that is not sorted by.</summary>
    public string? AriaSort(FleetFilter filter) => filter.Sort != Sort ? null : filter.Descending ? "descending" : "ascending";

    /// <summary>Picture of the direction.</summary>
    public string Arrow(FleetFilter filter) => AriaSort(filter) switch
    {
        "ascending" => Icons.Material.Rounded.ArrowUpward,
        "descending" => Icons.Material.Rounded.ArrowDownward,
        _ => Icons.Material.Rounded.UnfoldMore,
    };
}

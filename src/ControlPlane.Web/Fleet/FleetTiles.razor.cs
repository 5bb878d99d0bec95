using ControlPlane.Api.Fleet;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ControlPlane.Web.Fleet;

/// <summary>Counts that are filters: one press shows the services behind a figure.</summary>
public sealed partial class FleetTiles
{
    private static readonly Look All = new("All", Icons.Material.Rounded.Apps, "all");
    private static readonly Look Drifted = new("Drifted", Icons.Material.Rounded.Difference, "drift");

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public FleetUrl Url { get; set; } = null!;

    /// <summary>How many there are.</summary>
    [Parameter, EditorRequired]
    public FleetCounts Counts { get; set; } = null!;

    private IEnumerable<Tile> Tiles
    {
        get
        {
            var filter = Url.Filter;
            yield return To(All, Counts.Total, filter with { Healths = [], Drifted = false }, chosen: filter.Healths.Count == 0 && !filter.Drifted);
            foreach (var health in (ServiceHealth[])[ServiceHealth.Healthy, ServiceHealth.Progressing, ServiceHealth.Degraded, ServiceHealth.Stalled, ServiceHealth.Unknown])
            {
                var count = Counts.ByHealth.GetValueOrDefault(health);
                var chosen = filter.Healths.Contains(health);
                if (health != ServiceHealth.Unknown || count > 0 || chosen)
                {
                    yield return To(Look.Of(health), count, filter with { Healths = chosen ? [] : [health], Drifted = false }, chosen);
                }
            }

            yield return To(Drifted, Counts.Drifted, filter with { Healths = [], Drifted = !filter.Drifted }, filter.Drifted);
        }
    }

    private static Tile To(Look look, int count, FleetFilter filter, bool chosen) => new(look, count, new FleetUrl(filter, Selected: null).Write(), chosen);

    private sealed record Tile(Look Look, int Count, string Address, bool Chosen);
}

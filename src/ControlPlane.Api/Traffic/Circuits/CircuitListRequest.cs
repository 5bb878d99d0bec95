using System.ComponentModel;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Api.Traffic.Circuits;

/// <summary>Query parameters of the list of circuits. The console's address bar uses the same words.</summary>
public sealed record CircuitListRequest
{
    /// <summary>Text that a circuit contains.</summary>
    [FromQuery(Name = "q")]
    [Description("Words that service, namespace, team or policy must contain.")]
    public string? Text { get; init; }

    /// <summary>Namespaces.</summary>
    [FromQuery(Name = "namespace")]
    public string[]? Namespaces { get; init; }

    /// <summary>Teams.</summary>
    [FromQuery(Name = "team")]
    public string[]? Teams { get; init; }

    /// <summary>States.</summary>
    [FromQuery(Name = "state")]
    [Description("open, forcedopen, halfopen, forcedclosed, closed or unseen.")]
    public string[]? States { get; init; }

    /// <summary>Order; with a minus in front the other way round.</summary>
    [FromQuery(Name = "sort")]
    [Description("state (the worst first), namespace, service, team, since or changes; with a minus in front descending.")]
    public string? Sort { get; init; }

    /// <summary>Largest number of items, 1 to 500. Default 50.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The request as a filter.</summary>
    /// <exception cref="RequestException">A parameter has a value that is none of those it may have.</exception>
    public CircuitFilter ToFilter() => new()
    {
        Text = Text,
        Namespaces = Namespaces ?? [],
        Teams = Teams ?? [],
        States = [.. (States ?? []).Select(static state => EnumParameter.Parse<CircuitStanding>("state", state))],
        Sort = Sort is null ? CircuitSort.State : EnumParameter.Parse<CircuitSort>("sort", Sort.TrimStart('-')),
        Descending = Sort?.StartsWith('-') == true,
    };

    internal ListPage<CircuitSummary> Cut(IReadOnlyList<CircuitSummary> circuits) => circuits.Page(Cursor, Limit ?? Paging.DefaultPage);
}

using System.ComponentModel;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Api.Traffic.Limits;

/// <summary>Query parameters of the list of limits. The console's address bar uses the same words.</summary>
public sealed record LimitListRequest
{
    /// <summary>Text that a limit contains.</summary>
    [FromQuery(Name = "q")]
    [Description("Words that service, namespace, team, name or policy must contain.")]
    public string? Text { get; init; }

    /// <summary>Namespaces.</summary>
    [FromQuery(Name = "namespace")]
    public string[]? Namespaces { get; init; }

    /// <summary>Services.</summary>
    [FromQuery(Name = "service")]
    public string[]? Services { get; init; }

    /// <summary>States.</summary>
    [FromQuery(Name = "state")]
    [Description("refusing, watching, within or unseen.")]
    public string[]? States { get; init; }

    /// <summary>Order; with a minus in front the other way round.</summary>
    [FromQuery(Name = "sort")]
    [Description("state (the worst first), namespace, service, name, use, refused or limited; with a minus in front descending.")]
    public string? Sort { get; init; }

    /// <summary>Largest number of items, 1 to 500. Default 50.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The request as a filter.</summary>
    /// <exception cref="RequestException">A parameter has a value that is none of those it may have.</exception>
    public LimitFilter ToFilter() => new()
    {
        Text = Text,
        Namespaces = Namespaces ?? [],
        Services = Services ?? [],
        States = [.. (States ?? []).Select(static state => EnumParameter.Parse<LimitStanding>("state", state))],
        Sort = Sort is null ? LimitSort.State : EnumParameter.Parse<LimitSort>("sort", Sort.TrimStart('-')),
        Descending = Sort?.StartsWith('-') == true,
    };

    internal ListPage<LimitSummary> Cut(IReadOnlyList<LimitSummary> limits) => limits.Page(Cursor, Limit ?? Paging.DefaultPage);
}

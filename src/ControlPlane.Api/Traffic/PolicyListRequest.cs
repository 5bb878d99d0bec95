using System.ComponentModel;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Api.Traffic;

/// <summary>Query parameters of the list of policies. The console's address bar uses the same words.</summary>
public sealed record PolicyListRequest
{
    /// <summary>Text that a policy contains.</summary>
    [FromQuery(Name = "q")]
    [Description("Words that name, namespace, kind or message must contain.")]
    public string? Text { get; init; }

    /// <summary>Kinds.</summary>
    [FromQuery(Name = "kind")]
    public string[]? Kinds { get; init; }

    /// <summary>Namespaces.</summary>
    [FromQuery(Name = "namespace")]
    public string[]? Namespaces { get; init; }

    /// <summary>States.</summary>
    [FromQuery(Name = "state")]
    [Description("notAccepted, notProgrammed, pending or ready.")]
    public string[]? States { get; init; }

    /// <summary>Order; with a minus in front the other way round.</summary>
    [FromQuery(Name = "sort")]
    [Description("namespace, name, kind, state, targets or created; with a minus in front descending.")]
    public string? Sort { get; init; }

    /// <summary>Largest number of items, 1 to 500. Default 50.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The request as a filter.</summary>
    /// <exception cref="RequestException">A parameter has a value that is none of those it may have.</exception>
    public PolicyFilter ToFilter() => new()
    {
        Text = Text,
        Kinds = Kinds ?? [],
        Namespaces = Namespaces ?? [],
        States = [.. (States ?? []).Select(static state => EnumParameter.Parse<PolicyState>("state", state))],
        Sort = Sort is null ? PolicySort.Namespace : EnumParameter.Parse<PolicySort>("sort", Sort.TrimStart('-')),
        Descending = Sort?.StartsWith('-') == true,
    };
}

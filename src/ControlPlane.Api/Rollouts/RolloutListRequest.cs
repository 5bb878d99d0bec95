using System.ComponentModel;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Api.Rollouts;

/// <summary>Query parameters of the list of rollouts. The console's address bar uses the same words.</summary>
public sealed record RolloutListRequest
{
    /// <summary>Text that a rollout contains.</summary>
    [FromQuery(Name = "q")]
    [Description("Words that name, namespace, a service, revision or message must contain.")]
    public string? Text { get; init; }

    /// <summary>Namespaces.</summary>
    [FromQuery(Name = "namespace")]
    public string[]? Namespaces { get; init; }

    /// <summary>Phases.</summary>
    [FromQuery(Name = "phase")]
    [Description("healthy, progressing, paused, promoting, rollingback or degraded.")]
    public string[]? Phases { get; init; }

    /// <summary>Services.</summary>
    [FromQuery(Name = "service")]
    [Description("Names of services that the rollout moves.")]
    public string[]? Services { get; init; }

    /// <summary>Kinds of holds.</summary>
    [FromQuery(Name = "hold")]
    [Description("Kinds of holds: Incident, Freeze, ErrorBudget or Cap.")]
    public string[]? HoldTypes { get; init; }

    /// <summary>Held or not.</summary>
    [FromQuery(Name = "held")]
    [Description("true for rollouts that something holds, false for the others.")]
    public bool? Held { get; init; }

    /// <summary>Order; with a minus in front the other way round.</summary>
    [FromQuery(Name = "sort")]
    [Description("urgency (what needs a person first), namespace, name, phase, weight, since or started; with a minus in front descending.")]
    public string? Sort { get; init; }

    /// <summary>Largest number of items, 1 to 500. Default 50.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The request as a filter.</summary>
    /// <exception cref="RequestException">A parameter has a value that is none of those it may have.</exception>
    public RolloutFilter ToFilter() => new()
    {
        Text = Text,
        Namespaces = Namespaces ?? [],
        Phases = [.. (Phases ?? []).Select(static phase => EnumParameter.Parse<RolloutPhase>("phase", phase))],
        Services = Services ?? [],
        HoldTypes = HoldTypes ?? [],
        Held = Held,
        Sort = Sort is null ? RolloutSort.Urgency : EnumParameter.Parse<RolloutSort>("sort", Sort.TrimStart('-')),
        Descending = Sort?.StartsWith('-') == true,
    };

    /// <summary>The page that is asked for.</summary>
    /// <exception cref="RequestException">Limit or cursor does not fit.</exception>
    public ListPage<RolloutSummary> Cut(IReadOnlyList<RolloutSummary> rollouts) => rollouts.Page(Cursor, Limit ?? Paging.DefaultPage);
}

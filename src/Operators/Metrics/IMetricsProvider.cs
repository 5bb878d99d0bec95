using ControlPlane.Kubernetes.Resources.Traffic.Readings;

namespace Operators.Metrics;

/// <summary>
/// Where the fleet's traffic is measured: the embedded gateway's own counters, or a Prometheus that scrapes the data plane. Everything that judges traffic
/// (the map, canary analysis, budgets) asks this and knows neither.
/// </summary>
public interface IMetricsProvider
{
    /// <summary>Name: <c>embedded</c> or <c>prometheus</c>.</summary>
    string Name { get; }

    /// <summary>How far back it knows traffic; a question for more is answered from there on, as the reading says.</summary>
    TimeSpan Retention { get; }

    /// <summary>The requests of a time, by who called what. What there was none of is left out: no traffic is no error.</summary>
    /// <exception cref="MetricsException">It can't be told.</exception>
    Task<TrafficReading> ReadAsync(TrafficQuestion question, CancellationToken cancellationToken);

    /// <summary>The state of every circuit that requests have come to.</summary>
    /// <exception cref="MetricsException">It can't be told.</exception>
    Task<IReadOnlyList<CircuitReading>> ReadCircuitsAsync(CancellationToken cancellationToken);

    /// <summary>The one number that an expression of the provider's own language comes to, such as PromQL.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="at">When (UTC).</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="MetricsException">The expression is wrong, or comes to nothing, to several numbers or to none that is one.</exception>
    Task<double> EvaluateAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>Which requests are asked for. Null does not narrow.</summary>
/// <param name="From">Since when (UTC).</param>
/// <param name="To">Until when (UTC).</param>
public sealed record TrafficQuestion(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The Service that was called, as <c>namespace/name</c>.</summary>
    public string? Service { get; init; }

    /// <summary>Its version; empty for that without one.</summary>
    public string? Version { get; init; }

    /// <summary>The Service that called, as <c>namespace/name</c>; empty for the world outside.</summary>
    public string? Source { get; init; }

    /// <summary>The route, as <c>namespace/name</c>.</summary>
    public string? Route { get; init; }

    /// <summary>The track of its instances during a rollout (<see cref="ControlPlane.Kubernetes.Resources.Rollouts.Tracks"/>).</summary>
    public string? Track { get; init; }

    /// <summary>True when it asks for a flow.</summary>
    public bool Includes(TrafficFlow flow) =>
        (Service is null || Service == flow.Service)
        && (Version is null || Version == flow.Version)
        && (Source is null || Source == flow.Source)
        && (Route is null || Route == flow.Route)
        && (Track is null || Track == flow.Track);
}

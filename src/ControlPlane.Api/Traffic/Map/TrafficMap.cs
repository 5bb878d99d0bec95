using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;

namespace ControlPlane.Api.Traffic.Map;

/// <summary>What a node of the map stands for.</summary>
public enum TrafficNodeKind
{
    /// <summary>A service.</summary>
    Service,

    /// <summary>The services of a bounded context, team or namespace.</summary>
    Group,

    /// <summary>Whoever calls and is no service of the cluster.</summary>
    Outside,

    /// <summary>Services that the reader may not see.</summary>
    Hidden,

    /// <summary>The quieter services, of which there are too many to show.</summary>
    Rest,
}

/// <summary>By what services are put together.</summary>
public enum TrafficGrouping
{
    /// <summary>Each is shown by itself.</summary>
    None,

    /// <summary>By bounded context.</summary>
    Context,

    /// <summary>By owning team.</summary>
    Team,

    /// <summary>By namespace.</summary>
    Namespace,
}

/// <summary>The requests from one node to another, or to one node.</summary>
/// <param name="RequestsPerSecond">Rate.</param>
/// <param name="SuccessRate">Share without an error (status from 500 on), 0 to 1; null when there was nothing to tell it by.</param>
/// <param name="ErrorsPerSecond">Rate of errors.</param>
/// <param name="LimitedPerSecond">Rate of requests that a limit refused.</param>
/// <param name="P50">Seconds within which half were answered; null when there was none.</param>
/// <param name="P95">Seconds within which 95 % were.</param>
/// <param name="P99">Seconds within which 99 % were.</param>
public sealed record TrafficStats(
    double RequestsPerSecond, double? SuccessRate, double ErrorsPerSecond, double LimitedPerSecond, double? P50, double? P95, double? P99)
{
    internal static TrafficStats Of(RequestCounts counts, LatencyHistogram latency, double seconds) => new(
        counts.Total / seconds,
        counts.SuccessRate,
        counts.Errors / seconds,
        counts.Limited / seconds,
        latency.Quantile(0.5),
        latency.Quantile(0.95),
        latency.Quantile(0.99));
}

/// <summary>A node of the map.</summary>
/// <param name="Key">Key: <c>namespace/name</c> of a service, <c>context:</c>, <c>team:</c> or <c>namespace:</c> and the name of a group, or one word.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Name">Name to show.</param>
/// <param name="Services">Services that it stands for, as far as they had traffic.</param>
/// <param name="Received">What came to it, from itself left out.</param>
public sealed record TrafficNode(string Key, TrafficNodeKind Kind, string Name, int Services, TrafficStats Received)
{
    /// <summary>Owning team of a service; null for others, and for a service that is not declared.</summary>
    public string? Team { get; init; }

    /// <summary>Tier of a service.</summary>
    public ServiceTier? Tier { get; init; }

    /// <summary>Health of a service.</summary>
    public ServiceHealth? Health { get; init; }

    /// <summary>The worst circuit in front of it; null when there is none.</summary>
    public CircuitCondition? Circuit { get; init; }

    /// <summary>What its services sent each other, for a group.</summary>
    public TrafficStats? Within { get; init; }
}

/// <summary>Who called whom.</summary>
/// <param name="From">Key of the node that called.</param>
/// <param name="To">Key of the node that was called.</param>
/// <param name="Stats">How much, and how it went.</param>
public sealed record TrafficEdge(string From, string To, TrafficStats Stats);

/// <summary>Who calls whom, and how it goes.</summary>
/// <param name="Source">Where it was measured: <c>embedded</c> or <c>prometheus</c>.</param>
/// <param name="From">Since when (UTC).</param>
/// <param name="To">Until when (UTC).</param>
/// <param name="Grouping">By what services are put together.</param>
/// <param name="Nodes">Nodes, the busiest first.</param>
/// <param name="Edges">Edges, the busiest first.</param>
public sealed record TrafficMap(
    string Source, DateTimeOffset From, DateTimeOffset To, TrafficGrouping Grouping, IReadOnlyList<TrafficNode> Nodes, IReadOnlyList<TrafficEdge> Edges)
{
    /// <summary>Requests a second that the map shows.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>Services with traffic, whether or not each is shown by itself.</summary>
    public int Services { get; init; }

    /// <summary>What the map is narrowed to: key of a service or group; null for all.</summary>
    public string? Focus { get; init; }
}

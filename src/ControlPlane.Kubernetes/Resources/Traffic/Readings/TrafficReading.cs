using System.Runtime.InteropServices;

namespace ControlPlane.Kubernetes.Resources.Traffic.Readings;

/// <summary>The requests of a time, as the data plane saw them.</summary>
/// <param name="From">Since when (UTC) they are counted: at or a little before what was asked for, as finely as the source counts.</param>
/// <param name="To">Until when (UTC).</param>
/// <param name="Series">What there was, by who called what.</param>
public sealed record TrafficReading(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<TrafficSeries> Series)
{
    /// <summary>Length in seconds, for rates; never 0.</summary>
    public double Seconds => Math.Max(0.001, (To - From).TotalSeconds);
}

/// <summary>The requests of one source to one version of a service by one route.</summary>
/// <param name="Flow">Who called what.</param>
/// <param name="Counts">How many, and what became of them.</param>
/// <param name="Latency">How long they took.</param>
public sealed record TrafficSeries(TrafficFlow Flow, RequestCounts Counts, LatencyHistogram Latency);

/// <summary>Who called what.</summary>
/// <param name="Source">The Service whose instance called, as <c>namespace/name</c>; empty for whoever is none: the world outside.</param>
/// <param name="Service">The Service that was called, as <c>namespace/name</c>; empty where no route led to one.</param>
/// <param name="Version">Its version; empty where it says none.</param>
/// <param name="Route">The route, as <c>namespace/name</c>; empty for none.</param>
/// <param name="Track">Which of the versions that run beside each other during a rollout (<see cref="Rollouts.Tracks"/>); empty where its instances don't say.</param>
public readonly record struct TrafficFlow(string Source, string Service, string Version, string Route, string Track = "");

/// <summary>Requests by what became of them. Estimates need not be whole numbers.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Errors">Answered with a status from 500 on, whoever gave it: a service, or the data plane for want of an answer.</param>
/// <param name="Limited">Refused by a limit (429).</param>
/// <param name="CalledOff">Given up by the caller before the answer (499); neither success nor error.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RequestCounts(double Total, double Errors, double Limited, double CalledOff)
{
    /// <summary>Share of requests that were no error, from 0 to 1, those called off left out; null when there was none.</summary>
    public double? SuccessRate => Total - CalledOff is > 0 and var told ? (told - Errors) / told : null;

    /// <summary>The requests of both.</summary>
    public static RequestCounts operator +(RequestCounts left, RequestCounts right) =>
        new(left.Total + right.Total, left.Errors + right.Errors, left.Limited + right.Limited, left.CalledOff + right.CalledOff);

    /// <inheritdoc cref="op_Addition"/>
    public static RequestCounts Add(RequestCounts left, RequestCounts right) => left + right;

    /// <summary>Requests with one status.</summary>
    public static RequestCounts Of(int status, double requests) => new(
        requests, status >= 500 ? requests : 0, status == 429 ? requests : 0, status == 499 ? requests : 0);
}

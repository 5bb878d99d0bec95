using System.Diagnostics.Metrics;
using System.Net;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Gateway.Backends;
using Gateway.Limits;

namespace Gateway.Metrics;

/// <summary>What a request is counted under.</summary>
internal sealed class RequestLabels
{
    public string Route { get; set; } = "";

    public string Service { get; set; } = "";

    /// <summary>What the Service says; its instance knows better.</summary>
    public string Version { get; set; } = "";

    /// <summary>The instance that it was sent to last; null when it was sent to none.</summary>
    public BackendEndpoint? Instance { get; set; }

    /// <summary>The client went away.</summary>
    public bool IsCalledOff { get; set; }
}

/// <summary>
/// What the gateway measures: rate, errors and duration by route, service, version and the service that calls, and what limits and circuits do. Never by
/// client or path.
/// </summary>
public sealed class GatewayMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Gateway";

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _limits;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _circuitRefusals;
    private readonly Counter<long> _overflows;
    private readonly Counter<long> _ejections;
    private readonly Counter<long> _mirrored;
    private readonly Counter<long> _swaps;
    private readonly Histogram<double> _planning;
    private SourceDirectory? _sources;
    private BackendDirectory? _backends;
    private InstanceVersions? _versions;

    /// <summary>Creates the instruments on a meter.</summary>
    public GatewayMetrics(Meter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        Meter = meter;
        _requests = meter.CreateCounter<long>("gateway_requests_total", description: "Requests answered, by route, service, version, track of a rollout, calling service and HTTP status (499: the client went away).");
        _durations = meter.CreateHistogram(
            "gateway_request_duration_seconds", "s", "Time from a request to the end of its answer, by route, service, version, track of a rollout and calling service.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        _limits = meter.CreateCounter<long>("gateway_limit_decisions_total", description: "What limits said of requests, by service, limit and decision (allowed, refused, shadow).");
        _retries = meter.CreateCounter<long>("gateway_retries_total", description: "Tries after the first, by service.");
        _circuitRefusals = meter.CreateCounter<long>("gateway_circuit_refusals_total", description: "Requests that open circuits kept back, by service.");
        _overflows = meter.CreateCounter<long>("gateway_pool_overflows_total", description: "Requests refused because too many were under way and waiting, by service.");
        _ejections = meter.CreateCounter<long>("gateway_ejections_total", description: "Instances left out for their errors, by service.");
        _mirrored = meter.CreateCounter<long>("gateway_mirrored_requests_total", description: "Copies of requests, by the service that they were for and outcome (sent, dropped).");
        _swaps = meter.CreateCounter<long>("gateway_configuration_swaps_total", description: "Configurations put to use.");
        _planning = meter.CreateHistogram<double>("gateway_planning_duration_seconds", "s", "Time to work out a configuration.");
    }

    /// <summary>The requests of the last minutes; null before a gateway measures with it.</summary>
    public TrafficWindows? Windows { get; private set; }

    /// <summary>State of every circuit that requests have come to.</summary>
    public IReadOnlyList<CircuitReading> Circuits => [
        .. (_backends?.Traffic ?? []).Where(static traffic => traffic.Circuit is not null)
            .Select(static traffic => new CircuitReading(traffic.Name, (CircuitCondition)(int)traffic.Circuit!.State)),
    ];

    internal Meter Meter { get; }

    /// <summary>Measures what services are like at the moment of asking, and who calls.</summary>
    internal void Observe(BackendDirectory backends, SourceDirectory sources, InstanceVersions versions, TimeProvider time)
    {
        (_backends, _sources, _versions, Windows) = (backends, sources, versions, new TrafficWindows(time));
        Meter.CreateObservableGauge<int>(
            "gateway_circuit_state",
            () => backends.Traffic.Where(traffic => traffic.Circuit is not null).Select(traffic => Of((int)traffic.Circuit!.State, traffic.Name)),
            description: "State of circuits, by service: 0 closed, 1 open, 2 half open, 3 forced open, 4 forced closed.");
        Meter.CreateObservableGauge<int>(
            "gateway_pool_active", () => backends.Traffic.Select(traffic => Of(traffic.Pool.Active + traffic.TrialPool.Active, traffic.Name)), description: "Requests under way, by service.");
        Meter.CreateObservableGauge<int>(
            "gateway_pool_pending", () => backends.Traffic.Select(traffic => Of(traffic.Pool.Pending + traffic.TrialPool.Pending, traffic.Name)), description: "Requests that wait for their turn, by service.");
        Meter.CreateObservableGauge<int>(
            "gateway_instances",
            () => backends.Backends.SelectMany(backend => Instances(backend, time.GetElapsedTime(0))),
            description: "Instances that requests may be sent to, by service, port and state (used, ejected).");
    }

    internal void Answered(RequestLabels labels, IPAddress? client, int status, TimeSpan duration)
    {
        var version = (labels.Instance is { } instance ? _versions?.Of(instance) : null) ?? labels.Version;
        var flow = new TrafficFlow(_sources?.Of(client) ?? "", labels.Service, version, labels.Route, labels.Instance?.Track ?? "");
        var code = labels.IsCalledOff ? 499 : status;
        Windows?.Record(flow, code, duration);
        var route = new KeyValuePair<string, object?>("route", labels.Route);
        var service = new KeyValuePair<string, object?>("service", labels.Service);
        var source = new KeyValuePair<string, object?>("source", flow.Source);
        var ofVersion = new KeyValuePair<string, object?>("version", version);
        var track = new KeyValuePair<string, object?>("track", flow.Track);
        _requests.Add(1, [route, service, ofVersion, track, source, new("code", code)]);
        _durations.Record(duration.TotalSeconds, [route, service, ofVersion, track, source]);
    }

    internal void Limited(string service, LimitOutcome outcome)
    {
        foreach (var (limit, verdict) in outcome.All)
        {
            var decision = verdict.IsWithin ? "allowed" : limit.Shadow ? "shadow" : "refused";
            _limits.Add(1, new("service", service), new("limit", limit.Name), new("decision", decision));
        }
    }

    internal void Retried(string service) => Count(_retries, service);

    internal void CircuitRefused(string service) => Count(_circuitRefusals, service);

    internal void Overflowed(string service) => Count(_overflows, service);

    internal void Ejected(string service) => Count(_ejections, service);

    internal void Mirrored(string service, bool isSent) => _mirrored.Add(1, new("service", service), new("outcome", isSent ? "sent" : "dropped"));

    internal void Swapped(TimeSpan planning)
    {
        _swaps.Add(1);
        _planning.Record(planning.TotalSeconds);
    }

    private static void Count(Counter<long> counter, string service) => counter.Add(1, new KeyValuePair<string, object?>("service", service));

    private static Measurement<int> Of(int value, string service) => new(value, new KeyValuePair<string, object?>("service", service));

    private static IEnumerable<Measurement<int>> Instances(Backend backend, TimeSpan now)
    {
        var all = backend.Endpoints.Endpoints;
        var ejected = all.Count(endpoint => endpoint.Health.IsEjected(now));
        var (service, port) = (new KeyValuePair<string, object?>("service", backend.Traffic.Name), new KeyValuePair<string, object?>("port", backend.Key.Port));
        return [new(all.Count - ejected, service, port, new("state", "used")), new(ejected, service, port, new("state", "ejected"))];
    }
}

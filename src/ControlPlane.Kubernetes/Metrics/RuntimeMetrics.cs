using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ControlPlane.Kubernetes.Metrics;

/// <summary>
/// The instruments of the controller runtime, under the names of controller-runtime and client-go, because dashboards and alerts exist for
/// them. One instance per process, handed to what measures.
/// </summary>
public sealed class RuntimeMetrics
{
    /// <summary>Name of the meter and of <see cref="Activities"/>.</summary>
    public const string MeterName = "ControlPlane.Kubernetes";

    private readonly List<QueueMetrics> _queues = [];
    private readonly List<ControllerMetrics> _controllers = [];
    private readonly List<(string Name, Func<bool> IsLeader)> _leases = [];
    private readonly Counter<long> _requests;
    private readonly Counter<long> _lists;
    private readonly Counter<long> _watchRestarts;
    private readonly Counter<long> _undecodable;
    private readonly Counter<long> _writes;

    /// <summary>Creates the instruments on a meter.</summary>
    public RuntimeMetrics(Meter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        Meter = meter;
        _requests = meter.CreateCounter<long>(
            "rest_client_requests_total", description: "Requests to a Kubernetes API, by HTTP status, method and host.");
        _lists = meter.CreateCounter<long>(
            "reflector_lists_total", description: "Full lists, by resource. More than one in a process means versions were lost.");
        _watchRestarts = meter.CreateCounter<long>(
            "reflector_watch_restarts_total", description: "Watches that ended, by resource and reason (closed, expired, fault).");
        _undecodable = meter.CreateCounter<long>(
            "reflector_undecodable_objects_total", description: "Objects that did not fit their type and were passed over, by resource.");
        _writes = meter.CreateCounter<long>(
            "applier_writes_total", description: "Writes of owned objects, by resource and action (created, applied, deleted, status).");
        meter.CreateObservableGauge(
            "leader_election_master_status", ObserveLeases, description: "1 while this process leads, 0 while it does not, by lease.");
        QueueInstruments = new(meter, Queues);
        ControllerInstruments = new(meter, Controllers);
    }

    /// <summary>Spans of reconciles.</summary>
    public ActivitySource Activities { get; } = new(MeterName);

    internal Meter Meter { get; }

    internal QueueInstruments QueueInstruments { get; }

    internal ControllerInstruments ControllerInstruments { get; }

    internal QueueMetrics AddQueue(string name, Func<(int Live, int Background)> depth, Func<(TimeSpan Sum, TimeSpan Longest)> running) =>
        Added(_queues, new QueueMetrics(QueueInstruments, name, depth, running));

    internal void Remove(QueueMetrics queue)
    {
        lock (_queues)
        {
            _queues.Remove(queue);
        }
    }

    internal ControllerMetrics AddController(string name, int workers) =>
        Added(_controllers, new ControllerMetrics(ControllerInstruments, name, workers));

    internal void AddLease(string name, Func<bool> isLeader) => Added(_leases, (name, isLeader));

    internal void Request(HttpMethod method, Uri server, string code) =>
        _requests.Add(1, new("code", code), new("method", method.Method), new("host", server.Authority));

    internal void Listed(string resource) => _lists.Add(1, new KeyValuePair<string, object?>("resource", resource));

    internal void WatchRestarted(string resource, string reason) => _watchRestarts.Add(1, new("resource", resource), new("reason", reason));

    internal void UndecodableObject(string resource) => _undecodable.Add(1, new KeyValuePair<string, object?>("resource", resource));

    internal void Wrote(string resource, string action) => _writes.Add(1, new("resource", resource), new("action", action));

    private static T Added<T>(List<T> list, T item)
    {
        lock (list)
        {
            list.Add(item);
        }

        return item;
    }

    private static T[] All<T>(List<T> list)
    {
        lock (list)
        {
            return [.. list];
        }
    }

    private QueueMetrics[] Queues() => All(_queues);

    private ControllerMetrics[] Controllers() => All(_controllers);

    private IEnumerable<Measurement<int>> ObserveLeases() =>
        All(_leases).Select(static lease => new Measurement<int>(lease.IsLeader() ? 1 : 0, new KeyValuePair<string, object?>("name", lease.Name)));
}

using System.Collections.Concurrent;
using Fleet.Hosting.Events;
using Fleet.Hosting.Faults;

namespace Fleet;

/// <summary>
/// What outlives an instance and is shared by the replicas of a service: its records, the event topics of the namespace, and the faults that
/// versions were told to have. It stands for the databases and the broker of a real shop, and lives in memory: instances that are given the
/// same stores find each other's records, also after a restart of the instance; none of it outlives the process. Safe for concurrent use.
/// </summary>
public sealed class FleetStores
{
    private readonly ConcurrentDictionary<(string Namespace, string Service, Type Type), Lazy<object>> _records = [];
    private readonly ConcurrentDictionary<string, EventBroker> _brokers = [];
    private readonly ConcurrentDictionary<(string Namespace, string Service), FaultPlans> _faults = [];

    /// <summary>The records of a service of this type; made when the first instance asks.</summary>
    internal T Records<T>(string ns, string service, Func<T> make)
        where T : class =>
        (T)_records.GetOrAdd((ns, service, typeof(T)), static (_, make) => new Lazy<object>(make), make).Value;

    /// <summary>The topics of a namespace.</summary>
    internal EventBroker Broker(string ns, TimeProvider time) => _brokers.GetOrAdd(ns, static (_, time) => new EventBroker(time), time);

    /// <summary>The faults of a service's versions.</summary>
    internal FaultPlans Faults(string ns, string service) => _faults.GetOrAdd((ns, service), static _ => new FaultPlans());
}

using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace Operators.Discovery;

/// <summary>
/// Which instances of which service there are, and which of them callers may be sent to: the cluster's endpoint slices, judged by the control
/// plane's own checks, by flap detection and by self-preservation. Kept up to date by events, one service at a time.
/// </summary>
public sealed class InstanceDirectory
{
    private readonly FleetCaches _caches;
    private readonly TimeProvider _time;
    private readonly SelfPreservation _preservation;
    private readonly Lock _gate = new();
    private readonly Dictionary<InstanceKey, InstanceRecord> _records = [];
    private readonly Dictionary<ObjectKey, IReadOnlyList<Instance>> _instances = [];

    /// <summary>Makes a directory that follows the caches.</summary>
    public InstanceDirectory(FleetCaches caches, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(caches);
        _caches = caches;
        _time = time;
        _preservation = new SelfPreservation(time);
        caches.EndpointSlices.Cache.Subscribe(change =>
        {
            foreach (var front in new[] { change.Old?.Service, change.New?.Service }.Distinct().OfType<ObjectKey>())
            {
                RefreshBehind(front);
            }
        });
        caches.Services.Cache.Subscribe(change => Refresh(change.Key));
    }

    /// <summary>Told after the instances of a service may have changed.</summary>
    public event Action<ObjectKey>? Changed;

    /// <summary>Since when the last known instances are handed out because most of the fleet vanished (UTC); null when not.</summary>
    public DateTimeOffset? PreservingSince
    {
        get
        {
            lock (_gate)
            {
                return _preservation.ActiveSince;
            }
        }
    }

    /// <summary>All instances of a service with their states, preserved ones included; empty for a service that has none.</summary>
    public IReadOnlyList<Instance> Find(ObjectKey service)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var known = _instances.GetValueOrDefault(service) ?? [];
            List<Instance> steady = [.. known.Select(instance => IsFlapping(instance, now) ? Withheld(instance) : instance), .. _preservation.Kept(service)];
            return steady.Exists(instance => instance.IsHandedOut) ? steady : known; // an unsteady instance is better than none at all
        }
    }

    /// <summary>One instance as it is now; null when it is gone.</summary>
    internal Instance? Find(InstanceKey key)
    {
        lock (_gate)
        {
            return (_instances.GetValueOrDefault(key.Service) ?? []).FirstOrDefault(instance => instance.Name == key.Name);
        }
    }

    /// <summary>Takes in what came of an active check.</summary>
    /// <param name="key">The instance.</param>
    /// <param name="problem">Why it failed; null when it passed.</param>
    /// <param name="thresholds">How many make a verdict.</param>
    internal void RecordCheck(InstanceKey key, string? problem, ActiveHealthCheck thresholds)
    {
        lock (_gate)
        {
            if (!_records.TryGetValue(key, out var record))
            {
                return; // gone while it was being checked
            }

            record.Checks = record.Checks.After(problem, _time.GetUtcNow(), thresholds);
        }

        Refresh(key.Service);
    }

    private void RefreshBehind(ObjectKey front)
    {
        foreach (var service in _caches.ServicesByFront.Get(front.ToString()))
        {
            Refresh(service.Metadata.Key);
        }
    }

    private void Refresh(ObjectKey key)
    {
        lock (_gate)
        {
            var service = _caches.Services.Cache.Find(key);
            var before = _instances.GetValueOrDefault(key) ?? [];
            List<Instance> now = service is null ? [] : [.. Endpoints(service).Select(instance => Judge(service, instance))];
            if (now.Count > 0)
            {
                _instances[key] = now;
            }
            else
            {
                _instances.Remove(key);
            }

            foreach (var gone in before.Select(instance => instance.Name).Except(now.Select(instance => instance.Name), StringComparer.Ordinal))
            {
                _records.Remove(new InstanceKey(key, gone));
            }

            _preservation.Observe(key, now, service is null ? 0 : Wanted(service));
        }

        Changed?.Invoke(key);
    }

    /// <summary>
    /// The instances in the cluster's endpoint slices, ready or not. One instance is in several slices while they are rebalanced, and where it
    /// has addresses of both families; the order makes its IPv4 address the one that stays.
    /// </summary>
    private IEnumerable<Instance> Endpoints(ManagedService service)
    {
        var slices = _caches.SlicesByService.Get(FleetCaches.FrontKey(service).ToString());
        return slices
            .OrderBy(slice => slice.AddressType, StringComparer.Ordinal)
            .ThenBy(slice => slice.Metadata.Name, StringComparer.Ordinal)
            .SelectMany(slice => slice.Endpoints.Where(endpoint => endpoint.Addresses.Count > 0).Select(endpoint => ToInstance(service, slice, endpoint)))
            .DistinctBy(instance => instance.Name)
            .OrderBy(instance => instance.Name, StringComparer.Ordinal);
    }

    private static Instance ToInstance(ManagedService service, EndpointSliceView slice, EndpointView endpoint)
    {
        var (state, reason) = endpoint.Conditions switch
        {
            { Terminating: true } => (InstanceState.Terminating, "is being terminated"),
            { Ready: false } => (InstanceState.NotReady, "its readiness probe does not pass"),
            _ => (InstanceState.Healthy, null),
        };
        return new Instance
        {
            Service = service.Metadata.Key,
            Name = endpoint.TargetRef?.Name ?? endpoint.Addresses[0],
            Address = endpoint.Addresses[0],
            Ports = [.. slice.Ports.Where(port => port.Port is not null).Select(port => new InstancePort(port.Name ?? "", port.Port!.Value, port.Protocol ?? "TCP"))],
            State = state,
            Reason = reason,
            Node = endpoint.NodeName,
            Zone = endpoint.Zone,
        };
    }

    private Instance Judge(ManagedService service, Instance instance)
    {
        var key = new InstanceKey(instance.Service, instance.Name);
        if (!_records.TryGetValue(key, out var record))
        {
            _records[key] = record = new InstanceRecord();
        }

        if (service.Spec.HealthCheck is null)
        {
            record.Checks = new CheckHistory();
        }

        if (instance.State == InstanceState.Healthy && !record.Checks.Healthy)
        {
            instance = instance with { State = InstanceState.Unhealthy, Reason = record.Checks.Problem };
        }

        if (instance.State != InstanceState.Terminating)
        {
            record.Flaps.Observe(instance.State == InstanceState.Healthy, _time.GetUtcNow());
        }

        return instance with { CheckedAt = record.Checks.At };
    }

    /// <summary>Asked when instances are read, not when they change: flapping ends by quiet, and quiet is no event.</summary>
    private bool IsFlapping(Instance instance, DateTimeOffset now) =>
        instance.State == InstanceState.Healthy
        && _records.TryGetValue(new(instance.Service, instance.Name), out var record)
        && record.Flaps.IsFlapping(now);

    private static Instance Withheld(Instance instance) => instance with
    {
        State = InstanceState.Flapping,
        Reason = "its health changed five times or more within ten minutes",
    };

    private int Wanted(ManagedService service) =>
        _caches.WorkloadOf(service)?.Read<WorkloadView>().Desired ?? service.Status?.Instances?.Desired ?? 0;

    private sealed class InstanceRecord
    {
        public CheckHistory Checks { get; set; } = new();

        public FlapDetector Flaps { get; } = new();
    }
}

/// <summary>Names an instance.</summary>
/// <param name="Service">Its service.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct InstanceKey(ObjectKey Service, string Name);

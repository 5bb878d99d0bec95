using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using Gateway.Limits.Shared;
using Gateway.Policies;
using Gateway.Reporting;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Backends;

/// <summary>
/// The backends that routes name, with their instances. A change of instances concerns one Service: it is swapped in at once, and no route is
/// looked at.
/// </summary>
internal sealed class BackendDirectory
{
    private const string VersionLabel = "app.kubernetes.io/version";

    private readonly ObjectCache<Service> _services;
    private readonly CacheIndex<EndpointSlice> _slices;
    private readonly Func<string, string> _dial;
    private readonly IPolicySource _policies;
    private readonly SharedStore? _store;
    private readonly Shortfalls _shortfalls;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<BackendKey, Backend> _backends = [];
    private readonly ConcurrentDictionary<ObjectKey, ServiceTraffic> _traffic = [];

    /// <param name="services">Services.</param>
    /// <param name="slices">Their instances.</param>
    /// <param name="dial">The address to dial for an instance's address.</param>
    /// <param name="policies">What holds for Services.</param>
    /// <param name="store">Where gateways count together; null for nowhere.</param>
    /// <param name="shortfalls">What can't be done now: begun anew under another policy.</param>
    /// <param name="time">Clock.</param>
    public BackendDirectory(ObjectCache<Service> services, ObjectCache<EndpointSlice> slices, Func<string, string> dial, IPolicySource policies, SharedStore? store, Shortfalls shortfalls, TimeProvider time)
    {
        _services = services;
        _slices = slices.AddIndex(static slice => slice.Service is { } service ? [service.ToString()] : []);
        _dial = dial;
        _policies = policies;
        _store = store;
        _shortfalls = shortfalls;
        _time = time;
        services.Subscribe(change => Refresh(change.Key));
        slices.Subscribe(change =>
        {
            foreach (var service in new[] { change.Old?.Service, change.New?.Service }.OfType<ObjectKey>().Distinct())
            {
                Refresh(service);
            }
        });
    }

    /// <summary>Every Service that has had requests, with what was counted.</summary>
    public IReadOnlyCollection<ServiceTraffic> Traffic => [.. _traffic.Values];

    /// <summary>Every backend that has had requests.</summary>
    public IReadOnlyCollection<Backend> Backends => [.. _backends.Values];

    /// <summary>The backend, with the policy that holds now.</summary>
    public Backend Get(BackendKey key)
    {
        if (!_backends.TryGetValue(key, out var backend))
        {
            backend = _backends.GetOrAdd(key, Make);
            Fill(backend); // once more: a change between its making and its being listed would be heard by nobody
        }

        if (backend.Traffic.Use(_policies.For(key.Service)))
        {
            _shortfalls.Forget(key.Service);
        }

        return backend;
    }

    private Backend Make(BackendKey key)
    {
        var backend = new Backend(key, _traffic.GetOrAdd(key.Service, service => new ServiceTraffic(service, _store, _shortfalls, _time)));
        Fill(backend);
        return backend;
    }

    private void Refresh(ObjectKey service)
    {
        foreach (var backend in _backends.Values.Where(backend => backend.Key.Service == service))
        {
            Fill(backend);
        }
    }

    private void Fill(Backend backend)
    {
        lock (backend) // who looks last has the last word
        {
            var service = _services.Find(backend.Key.Service);
            var (endpoints, isHttp2) = EndpointPlanner.Plan(service, backend.Key.Port, _slices.Get(backend.Key.Service.ToString()));
            backend.Use(endpoints, isHttp2, service?.Metadata.Labels.TryGetValue(VersionLabel, out var version) == true ? version : "", _dial);
        }
    }
}

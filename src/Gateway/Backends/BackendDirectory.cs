using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Gateway.Limits.Shared;
using Gateway.Policies;
using Gateway.Reporting;
using Gateway.Resources;
using Gateway.Rollouts;
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
    private readonly ObjectCache<PodInstance> _pods;
    private readonly DeclaredSplits? _splits;
    private readonly Func<string, string> _dial;
    private readonly IPolicySource _policies;
    private readonly SharedStore? _store;
    private readonly Shortfalls _shortfalls;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<BackendKey, Backend> _backends = [];
    private readonly ConcurrentDictionary<ObjectKey, ServiceTraffic> _traffic = [];

    /// <param name="services">Services.</param>
    /// <param name="slices">Their instances.</param>
    /// <param name="pods">The Pods of which they are.</param>
    /// <param name="splits">How their requests are shared while rollouts move them; null where none do.</param>
    /// <param name="dial">The address to dial for an instance's address.</param>
    /// <param name="policies">What holds for Services.</param>
    /// <param name="store">Where gateways count together; null for nowhere.</param>
    /// <param name="shortfalls">What can't be done now: begun anew under another policy.</param>
    /// <param name="time">Clock.</param>
    public BackendDirectory(
        ObjectCache<Service> services, ObjectCache<EndpointSlice> slices, ObjectCache<PodInstance> pods, DeclaredSplits? splits, Func<string, string> dial, IPolicySource policies, SharedStore? store, Shortfalls shortfalls, TimeProvider time)
    {
        _services = services;
        _slices = slices.AddIndex(static slice => slice.Service is { } service ? [service.ToString()] : []);
        _pods = pods;
        _splits = splits;
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
        pods.Subscribe(RefreshTracks);
        splits?.Subscribe(Refresh);
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

    /// <summary>A Pod that was waited for is there, or one has become of another track, which hardly ever happens.</summary>
    private void RefreshTracks(CacheChange<PodInstance> change)
    {
        if (change.New is not { } pod || (change.Old is { } before && TrackOf(before) == TrackOf(pod)))
        {
            return;
        }

        foreach (var backend in _backends.Values.Where(backend => backend.Key.Service.Namespace == pod.Metadata.Namespace && (backend.AwaitsPods || change.Old is not null)))
        {
            Fill(backend);
        }
    }

    private static string TrackOf(PodInstance pod) => pod.Metadata.Labels.GetValueOrDefault(Tracks.Label, "");

    private void Fill(Backend backend)
    {
        lock (backend) // who looks last has the last word
        {
            var service = _services.Find(backend.Key.Service);
            var split = _splits?.For(backend.Key.Service);
            var plan = EndpointPlanner.Plan(service, backend.Key.Port, _slices.Get(backend.Key.Service.ToString()), _pods.Find, isMoved: split is not null);
            backend.Use(split);
            backend.Use(plan, service?.Metadata.Labels.TryGetValue(VersionLabel, out var version) == true ? version : "", _dial);
        }
    }
}

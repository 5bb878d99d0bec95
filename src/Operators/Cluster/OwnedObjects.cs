using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Cluster;

/// <summary>Objects of several kinds that one operator owns, found by the service that they are for.</summary>
public sealed class OwnedObjects
{
    private readonly Dictionary<ResourceType, Informer<LiveObject>> _informers;
    private readonly Dictionary<ResourceType, CacheIndex<LiveObject>> _byService;

    internal OwnedObjects(IEnumerable<ResourceType> kinds, Func<ResourceType, Informer<LiveObject>> follow)
    {
        _informers = kinds.ToDictionary(type => type, follow);
        _byService = _informers.ToDictionary(
            entry => entry.Key, entry => entry.Value.Cache.AddIndex(static item => FleetCaches.ServiceOf(item) is { } service ? [service.ToString()] : []));
    }

    /// <summary>One informer for each kind.</summary>
    public IEnumerable<Informer<LiveObject>> Informers => _informers.Values;

    /// <summary>Objects of one kind.</summary>
    public Informer<LiveObject> this[ResourceType type] => _informers[type];

    /// <summary>Every object that is for a service (see <see cref="FleetCaches.ServiceOf"/>).</summary>
    public IReadOnlyList<(ResourceType Type, LiveObject Object)> Of(ObjectKey service)
    {
        var found = new List<(ResourceType, LiveObject)>();
        foreach (var (type, index) in _byService)
        {
            found.AddRange(index.Get(service.ToString()).Select(item => (type, item)));
        }

        return found;
    }
}

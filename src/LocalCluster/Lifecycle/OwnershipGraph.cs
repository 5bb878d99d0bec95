using ControlPlane.Kubernetes.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Lifecycle;

/// <summary>Names an object of any kind.</summary>
/// <param name="Resource">Name under which objects of its kind are stored.</param>
/// <param name="Key">Namespace and name.</param>
/// <param name="Uid">Its uid, since another may take its name.</param>
internal readonly record struct ObjectIdentity(string Resource, ObjectKey Key, string Uid);

/// <summary>Which objects exist, and which belong to which.</summary>
internal sealed class OwnershipGraph
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ObjectIdentity> _existing = [];
    private readonly Dictionary<string, HashSet<ObjectIdentity>> _dependents = [];

    /// <summary>The object with a uid, or null.</summary>
    public ObjectIdentity? Find(string uid)
    {
        lock (_gate)
        {
            return _existing.TryGetValue(uid, out var found) ? found : null;
        }
    }

    /// <summary>The objects that name a uid as their owner.</summary>
    public IReadOnlyList<ObjectIdentity> DependentsOf(string uid)
    {
        lock (_gate)
        {
            return _dependents.TryGetValue(uid, out var dependents) ? [.. dependents] : [];
        }
    }

    /// <summary>Takes note of an object.</summary>
    public void Add(string resource, StoredObject obj)
    {
        var identity = new ObjectIdentity(resource, obj.Key, obj.Uid);
        lock (_gate)
        {
            _existing[obj.Uid] = identity;
            foreach (var owner in obj.OwnerUids)
            {
                if (!_dependents.TryGetValue(owner, out var dependents))
                {
                    dependents = [];
                    _dependents[owner] = dependents;
                }

                dependents.Add(identity);
            }
        }
    }

    /// <summary>Forgets the owners of an object, before they change.</summary>
    public void RemoveOwners(string resource, StoredObject obj)
    {
        var identity = new ObjectIdentity(resource, obj.Key, obj.Uid);
        lock (_gate)
        {
            foreach (var owner in obj.OwnerUids)
            {
                if (_dependents.TryGetValue(owner, out var dependents) && dependents.Remove(identity) && dependents.Count == 0)
                {
                    _dependents.Remove(owner);
                }
            }
        }
    }

    /// <summary>Forgets an object.</summary>
    public void Remove(string resource, StoredObject obj)
    {
        RemoveOwners(resource, obj);
        lock (_gate)
        {
            _existing.Remove(obj.Uid);
        }
    }
}

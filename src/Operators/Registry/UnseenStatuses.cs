using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Registry;

/// <summary>
/// Statuses that we wrote and that the cache does not show yet: counters and transition times go on from them. Each is let go as soon as the
/// cache shows it, because those of a whole fleet are megabytes.
/// </summary>
internal sealed class UnseenStatuses
{
    private readonly ConcurrentDictionary<ObjectKey, ManagedServiceStatus> _statuses = [];
    private readonly Informer<ManagedService> _services;
    private readonly WriteTracker _tracker;

    public UnseenStatuses(Informer<ManagedService> services, WriteTracker tracker)
    {
        (_services, _tracker) = (services, tracker);
        services.Cache.Subscribe(change => LetGoOnceSeen(change.Key));
    }

    /// <summary>How many wait to be seen.</summary>
    public int Count => _statuses.Count;

    /// <summary>Remembers a status that was stored just now.</summary>
    public void Wrote(ObjectKey key, ManagedServiceStatus status)
    {
        _statuses[key] = status;
        LetGoOnceSeen(key); // the echo may have come before the answer
    }

    /// <summary>The service with its last status, even when the echo of that is still on the way.</summary>
    public ManagedService WithFreshest(ManagedService cached) =>
        IsSeen(cached) || !_statuses.TryGetValue(cached.Metadata.Key, out var status) ? cached : cached with { Status = status };

    private void LetGoOnceSeen(ObjectKey key)
    {
        if (_services.Cache.Find(key) is not { } cached || IsSeen(cached))
        {
            _statuses.TryRemove(key, out _);
        }
    }

    private bool IsSeen(ManagedService cached) => !_tracker.IsStale(ManagedService.ResourceType, cached.Metadata.Key, cached.Metadata.ResourceVersion);
}

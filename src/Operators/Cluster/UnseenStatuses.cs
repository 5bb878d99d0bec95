using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Cluster;

/// <summary>
/// Statuses that we wrote and that the cache does not show yet: counters and transition times go on from them. Each is let go as soon as the
/// cache shows it, because those of a whole fleet are megabytes.
/// </summary>
internal sealed class UnseenStatuses<TResource, TStatus>
    where TResource : class, IKubeObject
    where TStatus : class
{
    private readonly ConcurrentDictionary<ObjectKey, TStatus> _statuses = [];
    private readonly Informer<TResource> _resources;
    private readonly WriteTracker _tracker;
    private readonly Func<TResource, TStatus, TResource> _with;

    /// <param name="resources">What the cache shows.</param>
    /// <param name="tracker">What was written.</param>
    /// <param name="with">Gives an object another status.</param>
    public UnseenStatuses(Informer<TResource> resources, WriteTracker tracker, Func<TResource, TStatus, TResource> with)
    {
        (_resources, _tracker, _with) = (resources, tracker, with);
        resources.Cache.Subscribe(change => LetGoOnceSeen(change.Key));
    }

    /// <summary>How many wait to be seen.</summary>
    public int Count => _statuses.Count;

    /// <summary>Remembers a status that was stored just now.</summary>
    public void Wrote(ObjectKey key, TStatus status)
    {
        _statuses[key] = status;
        LetGoOnceSeen(key); // the echo may have come before the answer
    }

    /// <summary>The object with its last status, even when the echo of that is still on the way.</summary>
    public TResource WithFreshest(TResource cached) =>
        IsSeen(cached) || !_statuses.TryGetValue(cached.Metadata.Key, out var status) ? cached : _with(cached, status);

    private void LetGoOnceSeen(ObjectKey key)
    {
        if (_resources.Cache.Find(key) is not { } cached || IsSeen(cached))
        {
            _statuses.TryRemove(key, out _);
        }
    }

    private bool IsSeen(TResource cached) => !_tracker.IsStale(_resources.Type, cached.Metadata.Key, cached.Metadata.ResourceVersion);
}

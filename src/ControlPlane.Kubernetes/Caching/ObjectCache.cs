using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>
/// The last known state of all objects of one kind. One writer (the reflector), any number of readers. Readers see either all of a relist or
/// nothing of it, and observers hear of every change exactly once, in order, after readers can see it. An object that was deleted and made
/// again is two objects: observers hear of the end of the first, even when both happened unseen.
/// </summary>
/// <remarks>Objects are shared with every reader: treat them as immutable.</remarks>
public sealed class ObjectCache<T>
    where T : class, IKubeObject
{
    private readonly Dictionary<ObjectKey, T> _objects = [];
    private readonly List<CacheIndex<T>> _indexes = [];
    private readonly Lock _delivery = new();
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>Guards content and indexes. Held for the time of a dictionary access, never while observers run.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>How many objects there are.</summary>
    public int Count
    {
        get
        {
            lock (Gate)
            {
                return _objects.Count;
            }
        }
    }

    /// <summary>Finds an object; null when there is none.</summary>
    public T? Find(ObjectKey key)
    {
        lock (Gate)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    /// <summary>Finds an object.</summary>
    public bool TryGet(ObjectKey key, [NotNullWhen(true)] out T? found) => (found = Find(key)) is not null;

    /// <summary>All objects at one instant, in no order.</summary>
    public IReadOnlyList<T> Snapshot()
    {
        lock (Gate)
        {
            return [.. _objects.Values];
        }
    }

    /// <summary>Adds an index over present and future objects.</summary>
    /// <param name="values">The values of an object; must depend on nothing but the object.</param>
    public CacheIndex<T> AddIndex(Func<T, IEnumerable<string>> values)
    {
        lock (Gate)
        {
            var index = new CacheIndex<T>(this, values);
            foreach (var (key, item) in _objects)
            {
                index.Replace(key, old: null, item);
            }

            _indexes.Add(index);
            return index;
        }
    }

    /// <summary>
    /// Tells the observer of all present objects (as initial), then of every change. The observer runs on the writer's thread: it must be
    /// quick (enqueue a key) and must not throw.
    /// </summary>
    /// <returns>Ends the subscription: once disposed, the observer hears nothing more.</returns>
    public IDisposable Subscribe(Action<CacheChange<T>> observer)
    {
        lock (_delivery)
        {
            foreach (var item in Snapshot())
            {
                observer(new(Old: null, item, Initial: true));
            }

            var subscription = new Subscription(this, observer);
            _subscriptions = _subscriptions.Add(subscription);
            return subscription;
        }
    }

    internal void Upsert(T item)
    {
        lock (_delivery)
        {
            T? old;
            lock (Gate)
            {
                old = Set(item.Metadata.Key, item);
            }

            Tell(old, item, initial: false);
        }
    }

    /// <summary>Removes an object; <paramref name="last"/> is its last state when the server told it.</summary>
    internal void Remove(ObjectKey key, T? last)
    {
        lock (_delivery)
        {
            T? old;
            lock (Gate)
            {
                old = Set(key, now: null);
            }

            if (old is not null)
            {
                Tell(last ?? old, now: null, initial: false);
            }
        }
    }

    /// <summary>Swaps the whole content for a fresh list.</summary>
    /// <param name="items">What the server has.</param>
    /// <param name="keep">Objects that the server has but that could not be decoded: their last known state stays.</param>
    /// <param name="initial">True for the first list: what it holds is no news.</param>
    internal void ReplaceAll(IReadOnlyCollection<T> items, IReadOnlySet<ObjectKey> keep, bool initial)
    {
        lock (_delivery)
        {
            var changes = new List<(T? Old, T? Now)>();
            lock (Gate)
            {
                var present = new HashSet<ObjectKey>(items.Count);
                foreach (var item in items)
                {
                    var key = item.Metadata.Key;
                    present.Add(key);
                    if (_objects.GetValueOrDefault(key)?.Metadata.ResourceVersion is not { } known || known != item.Metadata.ResourceVersion)
                    {
                        changes.Add((Set(key, item), item));
                    }
                }

                foreach (var gone in _objects.Keys.Where(key => !present.Contains(key) && !keep.Contains(key)).ToList())
                {
                    changes.Add((Set(gone, now: null), null));
                }
            }

            foreach (var (old, now) in changes)
            {
                Tell(old, now, initial);
            }
        }
    }

    private T? Set(ObjectKey key, T? now)
    {
        _objects.Remove(key, out var old);
        if (now is not null)
        {
            _objects[key] = now;
        }

        foreach (var index in _indexes)
        {
            index.Replace(key, old, now);
        }

        return old;
    }

    private void Tell(T? old, T? now, bool initial)
    {
        if (old is not null && now is not null && old.Metadata.Uid != now.Metadata.Uid)
        {
            Tell(new CacheChange<T>(old, New: null, Initial: false));
            old = null;
        }

        Tell(new CacheChange<T>(old, now, initial));
    }

    private void Tell(CacheChange<T> change)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Observer(change);
        }
    }

    private sealed class Subscription(ObjectCache<T> cache, Action<CacheChange<T>> observer) : IDisposable
    {
        public Action<CacheChange<T>> Observer { get; } = observer;

        public void Dispose()
        {
            lock (cache._delivery)
            {
                cache._subscriptions = cache._subscriptions.Remove(this);
            }
        }
    }
}

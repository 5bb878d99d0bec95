using System.Diagnostics.CodeAnalysis;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>
/// The last known state of all objects of one kind. One writer (the reflector), any number of readers. Readers see either all of a relist or
/// nothing of it, and observers hear of every change exactly once, in order, after readers can see it.
/// </summary>
/// <remarks>Objects are shared with every reader: treat them as immutable.</remarks>
public sealed class ObjectCache<T>
    where T : class, IKubeObject
{
    private readonly Dictionary<ObjectKey, T> _objects = [];
    private readonly List<CacheIndex<T>> _indexes = [];
    private readonly List<Action<CacheChange<T>>> _observers = [];
    private readonly Lock _delivery = new();

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
    /// <returns>Ends the subscription.</returns>
    public IDisposable Subscribe(Action<CacheChange<T>> observer)
    {
        lock (_delivery)
        {
            foreach (var item in Snapshot())
            {
                observer(new(Old: null, item, Initial: true));
            }

            _observers.Add(observer);
        }

        return new Subscription(this, observer);
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

            Tell(new(old, item, Initial: false));
        }
    }

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
                Tell(new(last ?? old, New: null, Initial: false));
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
            var changes = new List<CacheChange<T>>();
            lock (Gate)
            {
                var present = new HashSet<ObjectKey>(items.Count);
                foreach (var item in items)
                {
                    present.Add(item.Metadata.Key);
                    var old = Set(item.Metadata.Key, item);
                    if (old is null || old.Metadata.ResourceVersion != item.Metadata.ResourceVersion)
                    {
                        changes.Add(new(old, item, initial));
                    }
                }

                foreach (var gone in _objects.Keys.Where(key => !present.Contains(key) && !keep.Contains(key)).ToList())
                {
                    changes.Add(new(Set(gone, now: null), New: null, Initial: false));
                }
            }

            changes.ForEach(Tell);
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

    private void Tell(CacheChange<T> change)
    {
        foreach (var observer in _observers)
        {
            observer(change);
        }
    }

    private sealed class Subscription(ObjectCache<T> cache, Action<CacheChange<T>> observer) : IDisposable
    {
        public void Dispose()
        {
            lock (cache._delivery)
            {
                cache._observers.Remove(observer);
            }
        }
    }
}

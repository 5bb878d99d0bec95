using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Finds the objects of a cache by a computed value, such as the owner's uid, without looking at the others.</summary>
public sealed class CacheIndex<T>
    where T : class, IKubeObject
{
    private readonly ObjectCache<T> _cache;
    private readonly Func<T, IEnumerable<string>> _values;
    private readonly Dictionary<string, Dictionary<ObjectKey, T>> _entries = new(StringComparer.Ordinal);

    internal CacheIndex(ObjectCache<T> cache, Func<T, IEnumerable<string>> values)
    {
        _cache = cache;
        _values = values;
    }

    /// <summary>The objects that have this value, in no order.</summary>
    public IReadOnlyList<T> Get(string value)
    {
        lock (_cache.Gate)
        {
            return _entries.TryGetValue(value, out var found) ? [.. found.Values] : [];
        }
    }

    /// <summary>How many objects have this value.</summary>
    public int Count(string value)
    {
        lock (_cache.Gate)
        {
            return _entries.TryGetValue(value, out var found) ? found.Count : 0;
        }
    }

    /// <summary>The values that objects have at present, in no order.</summary>
    public IReadOnlyList<string> Values()
    {
        lock (_cache.Gate)
        {
            return [.. _entries.Keys];
        }
    }

    internal void Replace(ObjectKey key, T? old, T? now)
    {
        if (old is not null)
        {
            foreach (var value in _values(old))
            {
                if (_entries.TryGetValue(value, out var found) && found.Remove(key) && found.Count == 0)
                {
                    _entries.Remove(value);
                }
            }
        }

        if (now is not null)
        {
            foreach (var value in _values(now))
            {
                if (!_entries.TryGetValue(value, out var found))
                {
                    _entries[value] = found = [];
                }

                found[key] = now;
            }
        }
    }
}

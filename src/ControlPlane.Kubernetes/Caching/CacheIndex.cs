using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Finds the objects of a cache by a computed value, such as the owner's uid, without looking at the others.</summary>
public sealed class CacheIndex<T>
    where T : class, IKubeObject
{
    private readonly ObjectCache<T> _cache;
    private readonly Func<T, IEnumerable<string>> _values;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

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
            return _entries.GetValueOrDefault(value).ToList();
        }
    }

    /// <summary>How many objects have this value.</summary>
    public int Count(string value)
    {
        lock (_cache.Gate)
        {
            return _entries.GetValueOrDefault(value).Count;
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
                ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, value);
                if (!Unsafe.IsNullRef(ref entry) && entry.Remove(key) && entry.Count == 0)
                {
                    _entries.Remove(value);
                }
            }
        }

        if (now is not null)
        {
            foreach (var value in _values(now))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_entries, value, out _).Set(key, now);
            }
        }
    }

    /// <summary>The objects of one value. Mostly one, such as the Deployment of a service; a dictionary for that would outweigh it.</summary>
    private struct Entry
    {
        private T? _one;
        private Dictionary<ObjectKey, T>? _many;

        public readonly int Count => _many?.Count ?? (_one is null ? 0 : 1);

        public readonly IReadOnlyList<T> ToList() => _many is not null ? [.. _many.Values] : _one is not null ? [_one] : [];

        public void Set(ObjectKey key, T item)
        {
            if (_many is null && (_one is null || _one.Metadata.Key == key))
            {
                _one = item;
                return;
            }

            _many ??= new() { [_one!.Metadata.Key] = _one };
            _many[key] = item;
            _one = null;
        }

        public bool Remove(ObjectKey key)
        {
            if (_many is not null)
            {
                return _many.Remove(key);
            }

            var isThere = _one?.Metadata.Key == key;
            _one = isThere ? null : _one;
            return isThere;
        }
    }
}

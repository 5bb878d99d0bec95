using System.Diagnostics.CodeAnalysis;

namespace Fleet.Hosting;

/// <summary>
/// In-memory state of an instance, by key. It holds the most recent items and forgets the oldest, so that an instance under load for days
/// stays small. Safe for concurrent use.
/// </summary>
internal sealed class RecentItems<TKey, TValue>(int capacity = 2000)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _oldestFirst = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            var found = _nodes.TryGetValue(key, out var node);
            value = found ? node!.Value.Value : default;
            return found;
        }
    }

    /// <summary>The item that is there already, else the given one, now added.</summary>
    public TValue GetOrAdd(TKey key, TValue value)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(key, out var node))
            {
                return node.Value.Value;
            }

            Append(key, value);
            return value;
        }
    }

    /// <summary>Adds an item or replaces it; a replaced item keeps its age.</summary>
    public void Set(TKey key, TValue value)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(key, out var node))
            {
                node.Value = (key, value);
            }
            else
            {
                Append(key, value);
            }
        }
    }

    public void Remove(TKey key)
    {
        lock (_gate)
        {
            if (_nodes.Remove(key, out var node))
            {
                _oldestFirst.Remove(node);
            }
        }
    }

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<TValue> All()
    {
        lock (_gate)
        {
            return [.. _oldestFirst.Select(item => item.Value)];
        }
    }

    private void Append(TKey key, TValue value)
    {
        if (_nodes.Count == capacity)
        {
            _nodes.Remove(_oldestFirst.First!.Value.Key);
            _oldestFirst.RemoveFirst();
        }

        _nodes.Add(key, _oldestFirst.AddLast((key, value)));
    }
}

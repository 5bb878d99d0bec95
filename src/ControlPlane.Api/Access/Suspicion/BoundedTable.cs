namespace ControlPlane.Api.Access.Suspicion;

/// <summary>
/// What is remembered of so many keys and no more: the one that was not touched for the longest is forgotten first. Whoever can make up keys
/// (addresses, names of accounts) can't fill the heap.
/// </summary>
internal sealed class BoundedTable<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Count;
            }
        }
    }

    public bool TryGet(TKey key, out TValue value)
    {
        lock (_gate)
        {
            var found = _nodes.TryGetValue(key, out var node);
            value = found ? node!.Value.Value : default!;
            return found;
        }
    }

    /// <summary>Changes what is remembered of a key, or begins to remember it.</summary>
    /// <returns>What is remembered now.</returns>
    public TValue Update(TKey key, Func<TValue?, TValue> change)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(key, out var node))
            {
                node.Value = (key, change(node.Value.Value));
                _order.Remove(node);
                _order.AddLast(node);
                return node.Value.Value;
            }

            if (_nodes.Count == capacity)
            {
                _nodes.Remove(_order.First!.Value.Key);
                _order.RemoveFirst();
            }

            var value = change(default);
            _nodes[key] = _order.AddLast((key, value));
            return value;
        }
    }

    public bool Remove(TKey key)
    {
        lock (_gate)
        {
            if (!_nodes.Remove(key, out var node))
            {
                return false;
            }

            _order.Remove(node);
            return true;
        }
    }

    public IReadOnlyList<(TKey Key, TValue Value)> Snapshot()
    {
        lock (_gate)
        {
            return [.. _order];
        }
    }
}

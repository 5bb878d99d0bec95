using System.Collections.Immutable;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Storage;

/// <summary>The objects of one resource at one revision, in list order.</summary>
internal sealed class TableSnapshot
{
    /// <summary>No objects and no history.</summary>
    public static TableSnapshot Empty { get; } =
        new(ImmutableSortedSet.Create<Entry>(Comparer<Entry>.Create(static (a, b) => ObjectKey.ListOrder.Compare(a.Key, b.Key))), 0);

    // A set rather than a dictionary, because a set can be asked for the position of a key that it does not hold.
    private readonly ImmutableSortedSet<Entry> _entries;

    private TableSnapshot(ImmutableSortedSet<Entry> entries, long historyEnd)
    {
        _entries = entries;
        HistoryEnd = historyEnd;
    }

    /// <summary>Position in the resource's history after the last change that is part of this snapshot.</summary>
    public long HistoryEnd { get; }

    /// <summary>Number of objects.</summary>
    public int Count => _entries.Count;

    /// <summary>One object, or null.</summary>
    public StoredObject? Find(ObjectKey key) => _entries.TryGetValue(new Entry(key, null), out var entry) ? entry.Object : null;

    /// <summary>One object, or none.</summary>
    public TableRange Range(ObjectKey key)
    {
        var position = _entries.IndexOf(new Entry(key, null));
        return position < 0 ? default : new TableRange(at => _entries[at].Object!, position, position + 1);
    }

    /// <summary>Objects of a namespace in list order, or of all namespaces when it is empty.</summary>
    /// <param name="ns">Namespace, or empty.</param>
    /// <param name="after">Key after which to begin, or null for the beginning.</param>
    public TableRange Range(string ns = "", ObjectKey? after = null)
    {
        // No name contains a zero character, so a key that ends in one stands directly behind.
        var start = after is { } last ? PositionOf(last with { Name = last.Name + '\0' })
            : ns.Length == 0 ? 0
            : PositionOf(new ObjectKey(ns, ""));
        var end = ns.Length == 0 ? _entries.Count : PositionOf(new ObjectKey(ns + '\0', ""));
        return new TableRange(position => _entries[position].Object!, start, end);
    }

    /// <summary>The same objects with the given ones added.</summary>
    public TableSnapshot Load(IEnumerable<StoredObject> objects) =>
        new(_entries.Union(objects.Select(o => new Entry(o.Key, o))), HistoryEnd);

    /// <summary>The state after one more change.</summary>
    public TableSnapshot With(WatchEvent change)
    {
        var without = _entries.Remove(new Entry(change.Object.Key, null));
        return new TableSnapshot(
            change.Type == WatchEventType.Deleted ? without : without.Add(new Entry(change.Object.Key, change.Object)), HistoryEnd + 1);
    }

    /// <summary>The state before the given changes, which are the newest.</summary>
    public TableSnapshot Without(IReadOnlyList<WatchEvent> changes)
    {
        var entries = _entries.ToBuilder();
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            entries.Remove(new Entry(changes[i].Object.Key, null));
            if (changes[i].Previous is { } previous)
            {
                entries.Add(new Entry(previous.Key, previous));
            }
        }

        return new TableSnapshot(entries.ToImmutable(), HistoryEnd - changes.Count);
    }

    private int PositionOf(ObjectKey key)
    {
        var position = _entries.IndexOf(new Entry(key, null));
        return position < 0 ? ~position : position;
    }

    private readonly record struct Entry(ObjectKey Key, StoredObject? Object);
}

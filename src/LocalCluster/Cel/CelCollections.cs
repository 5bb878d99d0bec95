using System.Diagnostics.CodeAnalysis;

namespace LocalCluster.Cel;

/// <summary>A list. Items may be made when they are asked for.</summary>
internal abstract class CelList
{
    public abstract int Count { get; }

    public abstract object this[int index] { get; }

    public static CelList Of(IEnumerable<object> items) => new Appendable([.. items]);

    /// <summary>True when both have equal items in the same order.</summary>
    public virtual bool IsEqualTo(CelList other)
    {
        if (Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (!CelValues.Equals(this[i], other[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// This list and then the other. Adding to the result of an earlier addition costs no copy, which keeps the loops of map and filter
    /// linear.
    /// </summary>
    public virtual CelList Plus(CelList other)
    {
        if (other.Count == 0)
        {
            return this;
        }

        var items = this is Appendable { IsWhole: true } whole ? whole.Backing : [.. Items()];
        for (var i = 0; i < other.Count; i++)
        {
            items.Add(other[i]);
        }

        return new Appendable(items);
    }

    /// <summary>All items.</summary>
    public IEnumerable<object> Items()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <summary>The first so many of items that later lists may go on with.</summary>
    private sealed class Appendable(List<object> items) : CelList
    {
        public override int Count { get; } = items.Count;

        public List<object> Backing => items;

        /// <summary>True when no later list went on with the items.</summary>
        public bool IsWhole => Count == items.Count;

        public override object this[int index] => items[index];
    }
}

/// <summary>A map, or an object whose fields are its keys. Values may be made when they are asked for.</summary>
internal abstract class CelMap
{
    public abstract int Count { get; }

    public abstract IEnumerable<object> Keys { get; }

    public abstract bool TryGet(object key, [NotNullWhen(true)] out object? value);

    public static CelMap Of(IEnumerable<KeyValuePair<object, object>> entries) =>
        new Table(new Dictionary<object, object>(entries, KeyComparer.Instance));

    /// <summary>The map with one more entry; null when it has the key already.</summary>
    public CelMap? With(object key, object value)
    {
        if (TryGet(key, out _))
        {
            return null;
        }

        var entries = new Dictionary<object, object>(Count + 1, KeyComparer.Instance);
        foreach (var known in Keys)
        {
            entries[known] = TryGet(known, out var present) ? present : CelNull.Value;
        }

        entries[key] = value;
        return new Table(entries);
    }

    private sealed class Table(Dictionary<object, object> entries) : CelMap
    {
        public override int Count => entries.Count;

        public override IEnumerable<object> Keys => entries.Keys;

        public override bool TryGet(object key, [NotNullWhen(true)] out object? value) => entries.TryGetValue(key, out value);
    }

    /// <summary>Keys are equal as CEL values are: 1 and 1u are the same key.</summary>
    private sealed class KeyComparer : IEqualityComparer<object>
    {
        public static KeyComparer Instance { get; } = new();

        public new bool Equals(object? a, object? b) => CelValues.Equals(a!, b!);

        public int GetHashCode(object key) => CelValues.Hash(key);
    }
}

/// <summary>An object that an expression made.</summary>
/// <param name="type">The type that the expression named.</param>
/// <param name="fields">The fields that it set.</param>
internal sealed class CelObject(CelType type, Dictionary<string, object> fields) : CelMap
{
    public CelType Type => type;

    public override int Count => fields.Count;

    public override IEnumerable<object> Keys => fields.Keys;

    public override bool TryGet(object key, [NotNullWhen(true)] out object? value)
    {
        value = null;
        return key is string name && fields.TryGetValue(name, out value);
    }
}

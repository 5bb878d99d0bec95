namespace LocalCluster.Applying;

/// <summary>
/// A set of fields of an object, as a tree of path elements in the form that <c>FieldsV1</c> has: <c>f:spec</c>,
/// <c>k:{"name":"web"}</c>, <c>v:"a"</c>. A field and the fields below it are members independently of each other. The operations
/// return new sets; only a set under construction is changed.
/// </summary>
internal sealed class FieldSet : IEquatable<FieldSet>
{
    private readonly Dictionary<string, FieldSet> _children = [];

    /// <summary>True when the field itself is in the set.</summary>
    public bool IsMember { get; private set; }

    /// <summary>True when nothing is in the set.</summary>
    public bool IsEmpty => !IsMember && _children.Count == 0;

    /// <summary>Fields below, by path element. None of them is empty.</summary>
    public IReadOnlyDictionary<string, FieldSet> Children => _children;

    /// <summary>A set of the given paths.</summary>
    public static FieldSet Of(params IEnumerable<string[]> paths)
    {
        var set = new FieldSet();
        foreach (var path in paths)
        {
            set.At(path).Add();
        }

        return set;
    }

    /// <summary>Adds the field itself.</summary>
    public FieldSet Add()
    {
        IsMember = true;
        return this;
    }

    /// <summary>Adds a field below, if anything is in it.</summary>
    public void Add(string element, FieldSet child)
    {
        if (!child.IsEmpty)
        {
            _children[element] = child;
        }
    }

    /// <summary>What the set says of the fields below a path element; null when nothing.</summary>
    public FieldSet? Child(string element) => _children.GetValueOrDefault(element);

    /// <summary>What is in either set.</summary>
    public FieldSet Union(FieldSet other)
    {
        var result = new FieldSet { IsMember = IsMember || other.IsMember };
        foreach (var (element, child) in _children)
        {
            result._children[element] = other.Child(element) is { } match ? child.Union(match) : child;
        }

        foreach (var (element, child) in other._children)
        {
            result._children.TryAdd(element, child);
        }

        return result;
    }

    /// <summary>What is in both sets.</summary>
    public FieldSet Intersect(FieldSet other)
    {
        var result = new FieldSet { IsMember = IsMember && other.IsMember };
        foreach (var (element, child) in _children)
        {
            if (other.Child(element) is { } match)
            {
                result.Add(element, child.Intersect(match));
            }
        }

        return result;
    }

    /// <summary>What is in this set and not in the other. Fields below a field of the other set stay.</summary>
    public FieldSet Except(FieldSet other)
    {
        var result = new FieldSet { IsMember = IsMember && !other.IsMember };
        foreach (var (element, child) in _children)
        {
            result.Add(element, other.Child(element) is { } match ? child.Except(match) : child);
        }

        return result;
    }

    /// <summary>What is neither in the other set nor below one of its fields.</summary>
    public FieldSet ExceptTrees(FieldSet other)
    {
        if (other.IsMember)
        {
            return new FieldSet();
        }

        var result = new FieldSet { IsMember = IsMember };
        foreach (var (element, child) in _children)
        {
            result.Add(element, other.Child(element) is { } match ? child.ExceptTrees(match) : child);
        }

        return result;
    }

    /// <summary>All members, as paths.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths() => Paths([]);

    /// <inheritdoc/>
    public bool Equals(FieldSet? other) =>
        other is not null && IsMember == other.IsMember && _children.Count == other._children.Count
        && _children.All(c => c.Value.Equals(other.Child(c.Key)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldSet);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsMember, _children.Count);

    /// <inheritdoc/>
    public override string ToString() => FieldsV1.Write(this).ToJsonString();

    private FieldSet At(ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return this;
        }

        if (!_children.TryGetValue(path[0], out var child))
        {
            child = new FieldSet();
            _children[path[0]] = child;
        }

        return child.At(path[1..]);
    }

    private IEnumerable<IReadOnlyList<string>> Paths(IReadOnlyList<string> parent)
    {
        if (IsMember)
        {
            yield return parent;
        }

        foreach (var (element, child) in _children.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            foreach (var path in child.Paths([.. parent, element]))
            {
                yield return path;
            }
        }
    }
}

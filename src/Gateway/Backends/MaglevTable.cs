namespace Gateway.Backends;

/// <summary>
/// Consistent hashing by a table (D. Eisenbud and others, "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016, 3.4): every
/// instance gets nearly the same share, and when one goes, hardly any of the others' requests move.
/// </summary>
internal sealed class MaglevTable
{
    /// <summary>A prime, more than a hundred times the number of instances that are to be expected.</summary>
    public const int Size = 65_537;

    private readonly ushort[] _table = new ushort[Size];
    private readonly int _count;

    /// <param name="names">Names of the instances, by which they are told apart for ever; at most 65,535.</param>
    public MaglevTable(IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Count, ushort.MaxValue);
        _count = names.Count;
        if (_count > 0)
        {
            Fill(names);
        }
    }

    /// <summary>The instance of a hash, as its place among the names; -1 when there are none.</summary>
    /// <param name="hash">Hash of what equal requests have in common.</param>
    /// <param name="isUsable">Which instances may be chosen. The others' requests go on along the table, so that they too are spread evenly.</param>
    public int Find(ulong hash, Func<int, bool> isUsable)
    {
        for (var step = 0; step < Math.Min(Size, 4 * _count); step++)
        {
            var candidate = _table[(int)((hash + (ulong)step) % Size)];
            if (isUsable(candidate))
            {
                return candidate;
            }
        }

        for (var candidate = 0; candidate < _count; candidate++)
        {
            if (isUsable(candidate))
            {
                return candidate;
            }
        }

        return -1;
    }

    private void Fill(IReadOnlyList<string> names)
    {
        var filled = new bool[Size];
        var permutations = names.Select(name => (
            Position: (int)(StableHash.Of(name) % Size), Skip: (int)(StableHash.Of(name + "#skip") % (Size - 1)) + 1)).ToArray();
        for (var done = 0; ;)
        {
            for (var i = 0; i < permutations.Length; i++)
            {
                ref var next = ref permutations[i];
                while (filled[next.Position])
                {
                    next.Position = (next.Position + next.Skip) % Size;
                }

                filled[next.Position] = true;
                _table[next.Position] = (ushort)i;
                if (++done == Size)
                {
                    return;
                }
            }
        }
    }
}

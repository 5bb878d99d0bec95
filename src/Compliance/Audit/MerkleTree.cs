using System.Numerics;

namespace Compliance.Audit;

/// <summary>
/// An append-only Merkle tree (RFC 9162 section 2.1) that keeps the hashes of all complete subtrees: an append costs two hashes on average, a root
/// or a proof as many as the tree is high.
/// </summary>
/// <remarks>Not thread-safe: a log has one sequencer.</remarks>
public sealed class MerkleTree
{
    /// <summary>By height: the hashes of the complete subtrees of that height, from the left.</summary>
    private readonly List<List<TreeHash>> _complete = [[]];

    /// <summary>Leaves.</summary>
    public long Size => _complete[0].Count;

    /// <summary>Root over all leaves.</summary>
    public TreeHash Root => RootAt(Size);

    /// <summary>Appends a leaf.</summary>
    public void Append(TreeHash leaf)
    {
        _complete[0].Add(leaf);
        for (var height = 0; _complete[height].Count % 2 == 0; height++)
        {
            if (_complete.Count == height + 1)
            {
                _complete.Add([]);
            }

            _complete[height + 1].Add(TreeHash.OfNode(_complete[height][^2], _complete[height][^1]));
        }
    }

    /// <summary>Root as it was when the tree had this many leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It never had that many.</exception>
    public TreeHash RootAt(long size)
    {
        Require(size >= 0 && size <= Size, size, nameof(size));
        return size == 0 ? TreeHash.Empty : HashOf(0, size);
    }

    /// <summary>Proof that a leaf is in the tree of a size: the siblings on its way up, lowest first (section 2.1.3.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf in a tree of that size, or it never had that size.</exception>
    public IReadOnlyList<TreeHash> ProveInclusion(long leaf, long size)
    {
        Require(size <= Size, size, nameof(size));
        Require(leaf >= 0 && leaf < size, leaf, nameof(leaf));
        List<TreeHash> proof = [];
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + Split(end - start);
            var inLeft = leaf < middle;
            proof.Add(inLeft ? HashOf(middle, end) : HashOf(start, middle));
            (start, end) = inLeft ? (start, middle) : (middle, end);
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>Proof that the tree of a size only appended to what it was at an earlier one (section 2.1.4.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are not in order, or it never had the later one.</exception>
    public IReadOnlyList<TreeHash> ProveConsistency(long earlier, long later)
    {
        Require(later <= Size, later, nameof(later));
        Require(earlier >= 0 && earlier <= later, earlier, nameof(earlier));
        List<TreeHash> proof = [];
        var (start, end) = (0L, later);
        while (earlier > 0 && end != earlier)
        {
            var middle = start + Split(end - start);
            var inLeft = earlier <= middle;
            proof.Add(inLeft ? HashOf(middle, end) : HashOf(start, middle));
            (start, end) = inLeft ? (start, middle) : (middle, end);
        }

        if (start > 0)
        {
            proof.Add(HashOf(start, end)); // a whole earlier tree is known to the verifier; a part of one is not
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>Hash over leaves from a start that such a range can have in a tree.</summary>
    private TreeHash HashOf(long start, long end)
    {
        var size = end - start;
        if (BitOperations.IsPow2(size))
        {
            return _complete[BitOperations.Log2((ulong)size)][(int)(start / size)];
        }

        var middle = start + Split(size);
        return TreeHash.OfNode(HashOf(start, middle), HashOf(middle, end));
    }

    /// <summary>Leaves of the left subtree: the largest power of two below the size.</summary>
    private static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));

    private static void Require(bool condition, long value, string name)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, "the tree never had it");
        }
    }
}

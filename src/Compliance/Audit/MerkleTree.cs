using System.Numerics;
using Compliance.Audit.Tiles;

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
        return size == 0 ? TreeHash.Empty : HashOf(new LeafRange(0, size));
    }

    /// <summary>Proof that a leaf is in the tree of a size: the siblings on its way up, lowest first (section 2.1.3.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf in a tree of that size, or it never had that size.</exception>
    public IReadOnlyList<TreeHash> ProveInclusion(long leaf, long size)
    {
        Require(size <= Size, size, nameof(size));
        Require(leaf >= 0 && leaf < size, leaf, nameof(leaf));
        return [.. ProofRanges.OfInclusion(leaf, size).Select(HashOf)];
    }

    /// <summary>Proof that the tree of a size only appended to what it was at an earlier one (section 2.1.4.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are not in order, or it never had the later one.</exception>
    public IReadOnlyList<TreeHash> ProveConsistency(long earlier, long later)
    {
        Require(later <= Size, later, nameof(later));
        Require(earlier >= 0 && earlier <= later, earlier, nameof(earlier));
        return [.. ProofRanges.OfConsistency(earlier, later).Select(HashOf)];
    }

    /// <summary>Hash over leaves from a start that such a range can have in a tree.</summary>
    private TreeHash HashOf(LeafRange range) => ProofRanges.Complete(range.Start, range.End)
        .Select(part => _complete[BitOperations.Log2((ulong)(part.End - part.Start))][(int)(part.Start / (part.End - part.Start))])
        .Reverse()
        .Aggregate(static (right, left) => TreeHash.OfNode(left, right));

    private static void Require(bool condition, long value, string name)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, "the tree never had it");
        }
    }
}

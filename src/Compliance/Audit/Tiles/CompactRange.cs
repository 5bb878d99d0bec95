namespace Compliance.Audit.Tiles;

/// <summary>
/// Computes a root from the left to the right, taking entries one by one and leaving out others by the hashes of the largest complete subtrees over
/// them. So an export of any selection of entries proves all of them at once, and its verifier holds one hash for each level of the tree.
/// </summary>
public sealed class CompactRange
{
    /// <summary>Complete subtrees from the left, each wider than the next.</summary>
    private readonly Stack<(TreeHash Hash, long Width)> _subtrees = [];

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>Root over the leaves so far.</summary>
    public TreeHash Root => _subtrees.Count == 0
        ? TreeHash.Empty
        : _subtrees.Select(static subtree => subtree.Hash).Aggregate(static (right, left) => TreeHash.OfNode(left, right));

    /// <summary>Takes the next leaf.</summary>
    public void Append(TreeHash leaf) => Append(leaf, 1);

    /// <summary>How many hashes stand for leaves that are left out from here on.</summary>
    /// <param name="end">Leaf after the last one left out.</param>
    public int HashesUntil(long end) => ProofRanges.Complete(Size, end).Count();

    /// <summary>Leaves out leaves.</summary>
    /// <param name="end">Leaf after the last one left out.</param>
    /// <param name="hashes">Hashes of the subtrees over them, as many as <see cref="HashesUntil"/> says.</param>
    /// <exception cref="ArgumentException">There are more or fewer hashes.</exception>
    public void Skip(long end, IReadOnlyList<TreeHash> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        LeafRange[] parts = [.. ProofRanges.Complete(Size, end)];
        if (parts.Length != hashes.Count)
        {
            throw new ArgumentException($"{parts.Length} hashes stand for the leaves from {Size} to {end}, not {hashes.Count}", nameof(hashes));
        }

        foreach (var (part, hash) in parts.Zip(hashes))
        {
            Append(hash, part.End - part.Start);
        }
    }

    private void Append(TreeHash hash, long width)
    {
        Size += width;
        while (_subtrees.TryPeek(out var left) && left.Width == width)
        {
            _subtrees.Pop();
            (hash, width) = (TreeHash.OfNode(left.Hash, hash), 2 * width);
        }

        _subtrees.Push((hash, width));
    }
}

namespace Compliance.Audit.Tree;

/// <summary>
/// The last tile of a level while it fills: its hashes one after the other, as they are served, and the complete subtrees over them, so that a root costs
/// a few hashes and not one for each hash of the tile.
/// </summary>
internal sealed class PartialTile
{
    private const int Height = 8;

    /// <summary>By height: the last complete subtree that has no sibling yet. There is one where <see cref="Count"/> has that bit.</summary>
    private readonly TreeHash[] _subtrees = new TreeHash[Height];

    private byte[] _hashes = new byte[TreeEdge.TileWidth * TreeHash.Size];

    /// <summary>Hashes, at most 255.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the next hash.</summary>
    /// <returns>The tile and its root when it is whole now; the next hash begins another one.</returns>
    public (byte[] Hashes, TreeHash Root)? Add(TreeHash hash)
    {
        hash.Bytes.CopyTo(_hashes.AsSpan(Count * TreeHash.Size));
        var height = 0;
        for (; ((Count >> height) & 1) == 1; height++)
        {
            hash = TreeHash.OfNode(_subtrees[height], hash);
        }

        if (height == Height)
        {
            var whole = _hashes;
            (_hashes, Count) = (new byte[whole.Length], 0);
            return (whole, hash);
        }

        _subtrees[height] = hash;
        Count++;
        return null;
    }

    /// <summary>Root over the subtrees of this tile and all that lies right of it; null when there is nothing.</summary>
    public TreeHash? RootWith(TreeHash? right)
    {
        for (var height = 0; height < Height; height++)
        {
            if (((Count >> height) & 1) == 1)
            {
                right = right is { } known ? TreeHash.OfNode(_subtrees[height], known) : _subtrees[height];
            }
        }

        return right;
    }

    /// <summary>The first hashes.</summary>
    public byte[] First(int count) => _hashes.AsSpan(0, count * TreeHash.Size).ToArray();

    /// <summary>A tile that fills on its own from here.</summary>
    public PartialTile Copy()
    {
        var copy = new PartialTile { Count = Count };
        _subtrees.CopyTo(copy._subtrees.AsSpan());
        _hashes.AsSpan(0, Count * TreeHash.Size).CopyTo(copy._hashes);
        return copy;
    }
}

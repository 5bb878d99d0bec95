namespace Compliance.Audit.Tree;

/// <summary>
/// The right edge of a log's Merkle tree: the tiles that are not yet full, one to a level (C2SP tlog-tiles). Enough to append, to give the root
/// and to serve partial tiles; what lies left of it is in whole tiles and never changes. At most 255 hashes to a level, eight levels at 2^64.
/// </summary>
/// <remarks>Not thread-safe while it grows; the log publishes copies that grow no more.</remarks>
public sealed class TreeEdge
{
    /// <summary>Hashes of a whole tile.</summary>
    public const int TileWidth = 256;

    /// <summary>By level: its last, partial tile.</summary>
    private readonly List<PartialTile> _levels;

    private TreeEdge(long size, List<PartialTile> levels) => (Size, _levels) = (size, levels);

    /// <summary>An empty tree.</summary>
    public TreeEdge()
        : this(0, [])
    {
    }

    /// <summary>Leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Takes up a tree where it was left.</summary>
    /// <param name="size">Leaves.</param>
    /// <param name="partialTiles">By level, from 0: the hashes of the level's partial tile, as many as <see cref="WidthAt"/> says.</param>
    /// <exception cref="ArgumentException">The hashes are not those of a tree of that size.</exception>
    public static TreeEdge Resume(long size, IReadOnlyList<IReadOnlyList<TreeHash>> partialTiles)
    {
        ArgumentNullException.ThrowIfNull(partialTiles);
        for (var level = 0; level < Math.Max(partialTiles.Count, LevelsAt(size)); level++)
        {
            var given = level < partialTiles.Count ? partialTiles[level].Count : 0;
            if (given != WidthAt(size, level))
            {
                throw new ArgumentException($"a tree of {size} leaves has {WidthAt(size, level)} hashes in the last tile of level {level}, not {given}", nameof(partialTiles));
            }
        }

        return new TreeEdge(size, [.. partialTiles.Select(TileOf)]);
    }

    /// <summary>Levels of tiles that a tree of a size has.</summary>
    public static int LevelsAt(long size)
    {
        var levels = 0;
        for (; size > 0; size /= TileWidth)
        {
            levels++;
        }

        return levels;
    }

    /// <summary>Hashes in the partial tile of a level, 0 to 255.</summary>
    public static int WidthAt(long size, int level) => level >= 8 ? 0 : (int)((size >> (8 * level)) % TileWidth);

    /// <summary>Appends a leaf.</summary>
    /// <param name="leaf">Its hash.</param>
    /// <param name="completed">Receives the tiles that it completes, lowest level first.</param>
    public void Append(TreeHash leaf, ICollection<CompleteTile> completed)
    {
        ArgumentNullException.ThrowIfNull(completed);
        Size++;
        var hash = leaf;
        for (var level = 0; ; level++)
        {
            if (_levels.Count == level)
            {
                _levels.Add(new PartialTile());
            }

            if (_levels[level].Add(hash) is not { } whole)
            {
                return;
            }

            completed.Add(new CompleteTile(level, (Size >> (8 * (level + 1))) - 1, whole.Hashes));
            hash = whole.Root;
        }
    }

    /// <summary>Root over all leaves.</summary>
    public TreeHash Root()
    {
        TreeHash? root = null;
        foreach (var tile in _levels)
        {
            root = tile.RootWith(root);
        }

        return root ?? TreeHash.Empty;
    }

    /// <summary>The first hashes of the level's partial tile, one after the other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has not that many.</exception>
    public byte[] PartialTile(int level, int width)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, WidthAt(Size, level));
        return _levels[level].First(width);
    }

    /// <summary>A tree that grows on its own from here.</summary>
    public TreeEdge Copy() => new(Size, [.. _levels.Select(static tile => tile.Copy())]);

    /// <summary>Root of a whole tile: the hash that its level's parent holds of it.</summary>
    /// <exception cref="ArgumentException">It is not whole.</exception>
    public static TreeHash RootOfTile(ReadOnlySpan<byte> tile)
    {
        if (tile.Length != TileWidth * TreeHash.Size)
        {
            throw new ArgumentException($"a whole tile has {TileWidth * TreeHash.Size} bytes, not {tile.Length}", nameof(tile));
        }

        var (partial, root) = (new PartialTile(), default(TreeHash));
        for (var at = 0; at < tile.Length; at += TreeHash.Size)
        {
            root = partial.Add(new TreeHash(tile.Slice(at, TreeHash.Size)))?.Root ?? default;
        }

        return root;
    }

    /// <summary>Hashes of a tile.</summary>
    public static List<TreeHash> Split(ReadOnlySpan<byte> tile)
    {
        var hashes = new List<TreeHash>(tile.Length / TreeHash.Size);
        for (var at = 0; at < tile.Length; at += TreeHash.Size)
        {
            hashes.Add(new TreeHash(tile.Slice(at, TreeHash.Size)));
        }

        return hashes;
    }

    private static PartialTile TileOf(IReadOnlyList<TreeHash> hashes)
    {
        var tile = new PartialTile();
        foreach (var hash in hashes)
        {
            tile.Add(hash);
        }

        return tile;
    }
}

/// <summary>A whole tile: 256 hashes of a level.</summary>
/// <param name="Level">Level, from 0, the leaves.</param>
/// <param name="Index">Index on its level.</param>
/// <param name="Hashes">The hashes, 8192 bytes.</param>
public sealed record CompleteTile(int Level, long Index, byte[] Hashes);

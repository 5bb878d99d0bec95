using System.Numerics;

namespace Compliance.Audit.Tiles;

/// <summary>
/// The tree of a log as it was at a size, read from its tiles: makes any proof without going over the entries. It trusts nobody: what it makes is
/// checked against a signed root.
/// </summary>
/// <remarks>Keeps the last tiles that it read. Not for use by several threads at once.</remarks>
/// <param name="reader">Reads the tiles.</param>
/// <param name="size">Leaves.</param>
public sealed class TiledTree(IAuditReader reader, long size)
{
    private const int TilesKept = 64; // a megabyte with their nodes: a walk along the leaves needs one a level
    private readonly Dictionary<(int Level, long Index), TileNodes> _tiles = [];

    /// <summary>Leaves.</summary>
    public long Size => size;

    /// <summary>Root over all leaves.</summary>
    public Task<TreeHash> RootAsync(CancellationToken cancellationToken) => RootAtAsync(size, cancellationToken);

    /// <summary>Root as it was at a size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is larger than this tree.</exception>
    public async Task<TreeHash> RootAtAsync(long earlier, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(earlier);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, size);
        return earlier == 0 ? TreeHash.Empty : await HashOfAsync(new LeafRange(0, earlier), cancellationToken);
    }

    /// <summary>Hash of a leaf.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public async ValueTask<TreeHash> LeafAsync(long leaf, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, size);
        return (await TileAsync(0, leaf / TilePath.FullWidth, cancellationToken)).Over((int)(leaf % TilePath.FullWidth), 1);
    }

    /// <summary>Proof that a leaf is in the tree.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public Task<IReadOnlyList<TreeHash>> ProveInclusionAsync(long leaf, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, size);
        return HashesOfAsync(ProofRanges.OfInclusion(leaf, size), cancellationToken);
    }

    /// <summary>Proof that the tree only appended to what it was at an earlier size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The earlier size is larger than this tree.</exception>
    public Task<IReadOnlyList<TreeHash>> ProveConsistencyAsync(long earlier, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(earlier);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, size);
        return HashesOfAsync(ProofRanges.OfConsistency(earlier, size), cancellationToken);
    }

    /// <summary>Hashes of the largest complete subtrees over leaves that are left out, from the left (<see cref="CompactRange"/> takes them up).</summary>
    public Task<IReadOnlyList<TreeHash>> HashesOverAsync(long start, long end, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, size);
        return HashesOfAsync(ProofRanges.Complete(start, end), cancellationToken);
    }

    private async Task<IReadOnlyList<TreeHash>> HashesOfAsync(IEnumerable<LeafRange> ranges, CancellationToken cancellationToken)
    {
        List<TreeHash> hashes = [];
        foreach (var range in ranges)
        {
            hashes.Add(await HashOfAsync(range, cancellationToken));
        }

        return hashes;
    }

    private async Task<TreeHash> HashOfAsync(LeafRange range, CancellationToken cancellationToken)
    {
        List<TreeHash> parts = [];
        foreach (var part in ProofRanges.Complete(range.Start, range.End))
        {
            parts.Add(await CompleteAsync(part, cancellationToken));
        }

        parts.Reverse();
        return parts.Aggregate(static (right, left) => TreeHash.OfNode(left, right));
    }

    /// <summary>A complete subtree is a node of a tile, or over some of its hashes.</summary>
    private async Task<TreeHash> CompleteAsync(LeafRange part, CancellationToken cancellationToken)
    {
        var width = part.End - part.Start;
        var level = BitOperations.Log2((ulong)width) / TilePath.Height;
        var first = part.Start >> (TilePath.Height * level);
        var hashes = (int)(width >> (TilePath.Height * level));
        var tile = await TileAsync(level, first / TilePath.FullWidth, cancellationToken);
        return tile.Over((int)(first % TilePath.FullWidth), hashes);
    }

    private async ValueTask<TileNodes> TileAsync(int level, long index, CancellationToken cancellationToken)
    {
        if (_tiles.TryGetValue((level, index), out var known))
        {
            return known;
        }

        if (_tiles.Count == TilesKept)
        {
            _tiles.Clear();
        }

        var width = TilePath.InTree(level, index, size)!.Width;
        var hashes = await reader.ReadTileAsync(level, index, width, cancellationToken);
        if (hashes.Length != width * TreeHash.Size)
        {
            throw new InvalidDataException($"tile {level}/{index} has {hashes.Length} bytes instead of {width * TreeHash.Size}");
        }

        var tile = new TileNodes(hashes);
        _tiles.Add((level, index), tile);
        return tile;
    }
}

using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// Compares a log with itself: bytes with leaf hashes, leaf hashes with tiles, tiles with the tiles above them, and the root with the newest signed
/// checkpoint. What somebody changed in the store past the log shows, unless they changed all of it and signed anew: only somebody who holds an
/// older checkpoint (a witness, an auditor) sees that.
/// </summary>
/// <param name="store">The log.</param>
/// <param name="pause">Awaited between slices of 256 entries, so that the check leaves room for others.</param>
public sealed class SelfCheck(IAuditStore store, Func<CancellationToken, Task> pause)
{
    private const int MostFindings = 20;

    private readonly List<string> _findings = [];

    /// <summary>Checks the entries of a log from an index on.</summary>
    /// <param name="position">The log.</param>
    /// <param name="from">First entry; a multiple of 256. From 0 on, the tree and the checkpoint are checked too.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SelfCheckReport> RunAsync(LogPosition position, long from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(position);
        ArgumentOutOfRangeException.ThrowIfNotEqual(from % TreeEdge.TileWidth, 0);
        var size = position.Edge.Size;
        var replayed = new TreeEdge();
        var checkpoint = from == 0 ? await store.ReadCheckpointAsync(size, cancellationToken) : null;
        for (var start = from; start < size && _findings.Count < MostFindings; start += TreeEdge.TileWidth)
        {
            var width = (int)Math.Min(TreeEdge.TileWidth, size - start);
            var leaves = await LeavesAsync(position, start, width, cancellationToken);
            await CheckBytesAsync(position, start, leaves, cancellationToken);
            if (from == 0)
            {
                await ReplayAsync(replayed, leaves, checkpoint, cancellationToken);
            }

            await pause(cancellationToken);
        }

        if (from == 0 && _findings.Count == 0 && replayed.Root() != position.Edge.Root())
        {
            Found($"the tree over all {size} entries has another root than the log goes by");
        }

        return new SelfCheckReport(now, from, size, [.. _findings]);
    }

    /// <summary>Leaf hashes of a tile, as the tree has them.</summary>
    private async Task<List<TreeHash>> LeavesAsync(LogPosition position, long start, int width, CancellationToken cancellationToken)
    {
        if (width < TreeEdge.TileWidth)
        {
            return TreeEdge.Split(position.Edge.PartialTile(0, width));
        }

        var tile = await store.ReadTileAsync(0, start / TreeEdge.TileWidth, cancellationToken);
        if (tile?.Length == TreeEdge.TileWidth * TreeHash.Size)
        {
            return TreeEdge.Split(tile);
        }

        Found($"tile 0/{start / TreeEdge.TileWidth} with the leaf hashes from entry {start} on is missing or not whole");
        return [];
    }

    private async Task CheckBytesAsync(LogPosition position, long start, List<TreeHash> leaves, CancellationToken cancellationToken)
    {
        var end = start + leaves.Count;
        var entries = await store.ReadAsync(start, end, TreeEdge.TileWidth, cancellationToken);
        var next = Math.Max(start, position.PrunedTo);
        foreach (var entry in entries)
        {
            if (entry.Index > next)
            {
                Found($"entry {next} is missing");
            }

            if (TreeHash.OfLeaf(entry.Bytes) != leaves[(int)(entry.Index - start)])
            {
                Found($"entry {entry.Index} is not what was recorded");
            }
            else if (entry.Leaf != leaves[(int)(entry.Index - start)])
            {
                Found($"the leaf hash stored beside entry {entry.Index} is not the tree's");
            }

            next = entry.Index + 1;
        }

        if (next < end)
        {
            Found($"entry {next} is missing");
        }
    }

    /// <summary>Grows the tree again, and compares the tiles above the leaves and, in passing its size, the checkpoint.</summary>
    private async Task ReplayAsync(TreeEdge replayed, List<TreeHash> leaves, StoredCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        List<CompleteTile> completed = [];
        foreach (var leaf in leaves)
        {
            replayed.Append(leaf, completed);
            if (replayed.Size == checkpoint?.Size && replayed.Root() != checkpoint.Root)
            {
                Found($"the first {checkpoint.Size} entries have another root than the checkpoint that was signed over them");
            }
        }

        foreach (var tile in completed.Where(static tile => tile.Level > 0))
        {
            var stored = await store.ReadTileAsync(tile.Level, tile.Index, cancellationToken);
            if (stored is null || !stored.AsSpan().SequenceEqual(tile.Hashes))
            {
                Found($"tile {tile.Level}/{tile.Index} is not that of the entries below it");
            }
        }
    }

    private void Found(string finding)
    {
        if (_findings.Count < MostFindings)
        {
            _findings.Add(finding);
        }
    }
}

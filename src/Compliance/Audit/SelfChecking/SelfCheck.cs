using Compliance.Audit.Entries;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Tree;

namespace Compliance.Audit.SelfChecking;

/// <summary>
/// Compares a log with itself: bytes with leaf hashes, leaf hashes with tiles, tiles with the tiles above them, the tree with every signed checkpoint,
/// what finds entries with the entries, and what is gone with the certificates for it. What somebody changed in the store past the log shows, unless
/// they changed all of it and signed anew: only somebody who holds an older checkpoint (a witness, an auditor) sees that.
/// </summary>
/// <param name="store">The log.</param>
/// <param name="pause">Awaited between slices of 256 entries, so that the check leaves room for others.</param>
public sealed class SelfCheck(IAuditStore store, Func<CancellationToken, Task> pause)
{
    private readonly SelfCheckFindings _findings = new();

    /// <summary>Checks the entries of a log from an index on.</summary>
    /// <param name="position">The log.</param>
    /// <param name="from">First entry; a multiple of 256. From 0 on, the tree, the checkpoints, the index and the certificates are checked too.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SelfCheckReport> RunAsync(LogPosition position, long from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(position);
        ArgumentOutOfRangeException.ThrowIfNotEqual(from % TreeEdge.TileWidth, 0);
        var whole = from == 0 ? new WholeCheck(store, position, pause, _findings) : null;
        for (var start = from; start < position.Edge.Size && !_findings.AreEnough; start += TreeEdge.TileWidth)
        {
            var width = (int)Math.Min(TreeEdge.TileWidth, position.Edge.Size - start);
            var leaves = await LeavesAsync(position, start, width, cancellationToken);
            var entries = await store.ReadAsync(start, start + leaves.Count, TreeEdge.TileWidth, cancellationToken);
            var recorded = CheckBytes(position, start, leaves, entries);
            if (whole is not null)
            {
                await whole.TakeAsync(start, leaves, recorded, cancellationToken);
            }

            await pause(cancellationToken);
        }

        if (whole is not null && !_findings.AreEnough)
        {
            await whole.FinishAsync(cancellationToken);
        }

        return new SelfCheckReport(now, from, position.Edge.Size, _findings.All);
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

        _findings.Add($"tile 0/{start / TreeEdge.TileWidth} with the leaf hashes from entry {start} on is missing or not whole");
        return [];
    }

    /// <summary>The entries that are what was recorded.</summary>
    private List<StoredEntry> CheckBytes(LogPosition position, long start, List<TreeHash> leaves, IReadOnlyList<StoredEntry> entries)
    {
        List<StoredEntry> recorded = [];
        var next = Math.Max(start, position.PrunedTo);
        foreach (var entry in entries)
        {
            if (entry.Index < position.PrunedTo)
            {
                _findings.Add($"entry {entry.Index} is stored, though all before {position.PrunedTo} were pruned");
                continue;
            }

            if (entry.Index > next)
            {
                _findings.Add($"entry {next} is missing");
            }

            next = entry.Index + 1;
            var leaf = leaves[(int)(entry.Index - start)];
            if (TreeHash.OfLeaf(entry.Bytes) != leaf)
            {
                _findings.Add($"entry {entry.Index} is not what was recorded");
                continue;
            }

            recorded.Add(entry);
            if (entry.Leaf != leaf)
            {
                _findings.Add($"the leaf hash stored beside entry {entry.Index} is not the tree's");
            }
        }

        if (next < start + leaves.Count)
        {
            _findings.Add($"entry {next} is missing");
        }

        return recorded;
    }

    /// <summary>What can only be judged by going over all entries from the first on.</summary>
    private sealed class WholeCheck(IAuditStore store, LogPosition position, Func<CancellationToken, Task> pause, SelfCheckFindings findings)
    {
        private readonly TreeCheck _tree = new(store, findings);
        private readonly IndexCheck _index = new(store, position, pause, findings);
        private readonly PruneCheck _prune = new(position, findings);

        public async Task TakeAsync(long start, List<TreeHash> leaves, List<StoredEntry> recorded, CancellationToken cancellationToken)
        {
            await _tree.TakeAsync(start, leaves, cancellationToken);
            List<(long Index, AuditEntryRecord Said)> read = [];
            foreach (var entry in recorded)
            {
                if (AuditEntryReader.TryRead(entry.Bytes) is { } said) // else somebody changed the tree with it: the checkpoints show that
                {
                    read.Add((entry.Index, said));
                    _prune.Take(said);
                }
            }

            await _index.TakeAsync(read, cancellationToken);
        }

        public async Task FinishAsync(CancellationToken cancellationToken)
        {
            _tree.Finish(position);
            _prune.Finish();
            await _index.FinishAsync(cancellationToken);
            foreach (var finding in await store.InspectAsync(cancellationToken))
            {
                findings.Add(finding);
            }
        }
    }
}

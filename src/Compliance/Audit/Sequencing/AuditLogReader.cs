using System.Runtime.CompilerServices;
using Compliance.Audit.Searching;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>Reads a log while its sequencer writes. It shows only what is acknowledged.</summary>
public sealed class AuditLogReader(IAuditStore store, AuditSequencer sequencer) : IAuditReader
{
    private const int Slice = 512;

    private readonly EntrySearch _search = new(store, sequencer.Fresh);

    /// <inheritdoc/>
    public long Size => sequencer.Position.Edge.Size;

    /// <inheritdoc/>
    public async Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken) => (await store.ReadCheckpointAsync(Size, cancellationToken))?.Note;

    /// <inheritdoc/>
    public async IAsyncEnumerable<AuditEntry> ReadAsync(long from, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        end = Math.Min(end, Size);
        while (from < end)
        {
            var slice = await store.ReadAsync(from, end, Slice, cancellationToken); // in slices: a long read would keep the store from tidying up
            foreach (var entry in slice)
            {
                yield return new AuditEntry(entry.Index, entry.Bytes);
            }

            if (slice.Count == 0)
            {
                yield break;
            }

            from = slice[^1].Index + 1;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        List<AuditEntry> entries = [];
        await foreach (var entry in _search.FindAsync(query, sequencer.Position.PrunedTo, Math.Min(before ?? long.MaxValue, Size), limit, cancellationToken))
        {
            entries.Add(new AuditEntry(entry.Index, entry.Bytes));
            if (entries.Count == limit)
            {
                break;
            }
        }

        return entries;
    }

    /// <inheritdoc/>
    public async Task<int> CountAsync(AuditQuery query, int bound, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var _ in _search.FindIndicesAsync(query, sequencer.Position.PrunedTo, Size, cancellationToken))
        {
            if (++count >= bound)
            {
                break;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 7);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, TreeEdge.TileWidth);
        var edge = sequencer.Position.Edge;
        var hashes = edge.Size >> (8 * level);
        if ((index * TreeEdge.TileWidth) + width > hashes)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"the log has {hashes} hashes on level {level}");
        }

        if (index == hashes / TreeEdge.TileWidth)
        {
            return edge.PartialTile(level, width);
        }

        var tile = await store.ReadTileAsync(level, index, cancellationToken)
            ?? throw new AuditUnavailableException($"tile {level}/{index} of the log is not stored: somebody removed it");
        return tile.AsMemory(0, width * TreeHash.Size);
    }
}

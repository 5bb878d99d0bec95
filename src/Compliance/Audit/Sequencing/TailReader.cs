using Compliance.Audit.Entries;
using Compliance.Audit.Searching;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>Takes up the end of a stored log: the partial tiles, from leaf hashes and from the whole tiles below them, and the index that is not yet stored.</summary>
internal static class TailReader
{
    private const int Slice = 1024;

    /// <exception cref="AuditUnavailableException">Parts of it are not in the store: somebody took them out.</exception>
    public static async Task<TreeEdge> ReadEdgeAsync(IAuditStore store, long size, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<TreeHash>> levels = [];
        for (var level = 0; level < TreeEdge.LevelsAt(size); level++)
        {
            var width = TreeEdge.WidthAt(size, level);
            var first = (size >> (8 * level)) - width;
            levels.Add(level == 0
                ? await ReadLeavesAsync(store, first, size, cancellationToken)
                : await ReadRootsAsync(store, level - 1, first, width, cancellationToken));
        }

        return TreeEdge.Resume(size, levels);
    }

    /// <summary>Makes the index of the last, unfinished segment again from its entries.</summary>
    public static async Task ReadIndexAsync(IAuditStore store, FreshIndex fresh, LogHead head, CancellationToken cancellationToken)
    {
        fresh.Clear(Posting.SegmentOf(head.Size));
        for (var from = Math.Max(Posting.SegmentOf(head.Size) * Posting.SegmentLength, head.PrunedTo); from < head.Size;)
        {
            var entries = await store.ReadAsync(from, head.Size, Slice, cancellationToken);
            foreach (var entry in entries)
            {
                if (AuditEntryReader.TryRead(entry.Bytes) is { } record)
                {
                    fresh.Add(entry.Index, Terms.Of(record));
                }
            }

            from = entries.Count == 0 ? head.Size : entries[^1].Index + 1;
        }
    }

    private static async Task<IReadOnlyList<TreeHash>> ReadLeavesAsync(IAuditStore store, long first, long size, CancellationToken cancellationToken)
    {
        var entries = await store.ReadAsync(first, size, TreeEdge.TileWidth, cancellationToken);
        if (entries.Count != size - first)
        {
            throw new AuditUnavailableException(
                $"the log has {size} entries by its head, but only {entries.Count} of the last {size - first} are stored: somebody removed some; restore the store from a backup and verify it");
        }

        return [.. entries.Select(static entry => entry.Leaf)];
    }

    private static async Task<IReadOnlyList<TreeHash>> ReadRootsAsync(IAuditStore store, int level, long first, int width, CancellationToken cancellationToken)
    {
        List<TreeHash> roots = [];
        for (var index = first; index < first + width; index++)
        {
            var tile = await store.ReadTileAsync(level, index, cancellationToken)
                ?? throw new AuditUnavailableException($"tile {level}/{index} of the log is not stored: somebody removed it; restore the store from a backup and verify it");
            roots.Add(TreeEdge.RootOfTile(tile));
        }

        return roots;
    }
}

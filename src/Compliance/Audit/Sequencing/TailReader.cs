using Compliance.Audit.Entries;
using Compliance.Audit.Searching;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>Takes up the end of a stored log: the partial tiles, from leaf hashes and from the whole tiles below them, and the index that is not yet stored.</summary>
internal static class TailReader
{
    private const int Slice = 1024;

    /// <summary>The edge of a log of that size; of the longest beginning of it that is stored, when somebody took parts of it out.</summary>
    public static async Task<TreeEdge> ReadEdgeAsync(IAuditStore store, long size, CancellationToken cancellationToken)
    {
        var leaves = await ReadLeavesAsync(store, size - (size % TreeEdge.TileWidth), size, cancellationToken);
        size += leaves.Count - (size % TreeEdge.TileWidth);
        List<IReadOnlyList<TreeHash>> levels = [leaves];
        for (var level = 1; level < TreeEdge.LevelsAt(size); level++)
        {
            var width = TreeEdge.WidthAt(size, level);
            var first = (size >> (8 * level)) - width;
            var roots = await ReadRootsAsync(store, level - 1, first, width, cancellationToken);
            if (roots.Count < width)
            {
                return await ReadEdgeAsync(store, (first + roots.Count) << (8 * level), cancellationToken); // up to before the tile that is missing
            }

            levels.Add(roots);
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
        return [.. entries.TakeWhile((entry, i) => entry.Index == first + i).Select(static entry => entry.Leaf)];
    }

    private static async Task<IReadOnlyList<TreeHash>> ReadRootsAsync(IAuditStore store, int level, long first, int width, CancellationToken cancellationToken)
    {
        List<TreeHash> roots = [];
        for (var index = first; index < first + width; index++)
        {
            if (await store.ReadTileAsync(level, index, cancellationToken) is not { Length: TreeEdge.TileWidth * TreeHash.Size } tile)
            {
                break;
            }

            roots.Add(TreeEdge.RootOfTile(tile));
        }

        return roots;
    }
}

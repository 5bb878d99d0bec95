using Compliance.Audit;

namespace ControlPlane.Api.Tests.Audit;

/// <summary>The tiles of a tree, and nothing else of a log.</summary>
internal sealed class TilesOf(IReadOnlyList<TreeHash> leaves) : IAuditReader
{
    private const int TileWidth = 256;

    public long Size => leaves.Count;

    public Task<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellationToken)
    {
        var span = 1 << (8 * level);
        var first = (int)index * TileWidth;
        Assert.InRange((first + width) * span, 1, leaves.Count);
        return Task.FromResult<ReadOnlyMemory<byte>>(Enumerable.Range(first, width).SelectMany(at => RootOf(at * span, span).Bytes.ToArray()).ToArray());
    }

    public Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<AuditEntry> ReadAsync(long from, long end, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> CountAsync(AuditQuery query, int bound, CancellationToken cancellationToken) => throw new NotSupportedException();

    private TreeHash RootOf(int first, int count)
    {
        var tree = new MerkleTree();
        foreach (var leaf in leaves.Skip(first).Take(count))
        {
            tree.Append(leaf);
        }

        return tree.Root;
    }
}

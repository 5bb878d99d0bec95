using System.Numerics;

namespace Compliance.Audit.Tiles;

/// <summary>A tile and the nodes over its hashes, which are computed when they are first asked for: many proofs go through the same ones.</summary>
/// <param name="hashes">Its hashes, one after the other.</param>
internal sealed class TileNodes(ReadOnlyMemory<byte> hashes)
{
    /// <summary>As a heap: the root is 1, the children of n are 2n and 2n + 1, the hashes themselves are left out.</summary>
    private readonly TreeHash?[] _nodes = new TreeHash?[TilePath.FullWidth];

    /// <summary>Hash over some of its hashes.</summary>
    /// <param name="first">The first; a multiple of their number.</param>
    /// <param name="count">How many: a power of two.</param>
    public TreeHash Over(int first, int count)
    {
        if (count == 1)
        {
            return new TreeHash(hashes.Span.Slice(first * TreeHash.Size, TreeHash.Size));
        }

        var half = count / 2;
        return _nodes[(TilePath.FullWidth >> BitOperations.Log2((uint)count)) + (first / count)] ??= TreeHash.OfNode(Over(first, half), Over(first + half, half));
    }
}

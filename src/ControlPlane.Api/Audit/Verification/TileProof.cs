using System.Numerics;
using Compliance.Audit;

namespace ControlPlane.Api.Audit.Verification;

/// <summary>Makes proofs from the tiles of the tree (C2SP tlog-tiles), as a monitor would that has nothing else.</summary>
internal static class TileProof
{
    /// <summary>Hashes of a whole tile.</summary>
    public const int Width = 256;

    private const int HeightOfTile = 8;

    /// <summary>Siblings on the way from a leaf to the root of the tree of a size, lowest first (RFC 9162 section 2.1.3.1).</summary>
    public static async Task<IReadOnlyList<TreeHash>> InclusionAsync(IAuditReader reader, long leaf, long size, CancellationToken cancellationToken)
    {
        List<TreeHash> proof = [];
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + Split(end - start);
            var inLeft = leaf < middle;
            proof.Add(inLeft ? await HashAsync(reader, middle, end, cancellationToken) : await HashAsync(reader, start, middle, cancellationToken));
            (start, end) = inLeft ? (start, middle) : (middle, end);
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>Hash over a range of leaves that such a range can have in a tree.</summary>
    private static async Task<TreeHash> HashAsync(IAuditReader reader, long start, long end, CancellationToken cancellationToken)
    {
        var size = end - start;
        if (!BitOperations.IsPow2(size))
        {
            var middle = start + Split(size);
            return TreeHash.OfNode(await HashAsync(reader, start, middle, cancellationToken), await HashAsync(reader, middle, end, cancellationToken));
        }

        var level = BitOperations.Log2((ulong)size) / HeightOfTile;
        var first = start >> (level * HeightOfTile);
        var count = (int)(size >> (level * HeightOfTile));
        var offset = (int)(first % Width);
        var tile = await reader.ReadTileAsync(level, first / Width, offset + count, cancellationToken);
        return Fold(tile.Span[(offset * TreeHash.Size)..]);
    }

    /// <summary>Root over as many hashes as a power of two.</summary>
    private static TreeHash Fold(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == TreeHash.Size)
        {
            return new TreeHash(hashes);
        }

        var middle = hashes.Length / 2;
        return TreeHash.OfNode(Fold(hashes[..middle]), Fold(hashes[middle..]));
    }

    private static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));
}

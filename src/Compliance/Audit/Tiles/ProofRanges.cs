using System.Numerics;
using System.Runtime.InteropServices;

namespace Compliance.Audit.Tiles;

/// <summary>Leaves from a start to before an end.</summary>
/// <param name="Start">First.</param>
/// <param name="End">After the last.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeafRange(long Start, long End);

/// <summary>
/// Which subtrees a proof consists of, by the leaves under them. How their hashes are found is up to the tree: in memory, or in tiles.
/// </summary>
internal static class ProofRanges
{
    /// <summary>Siblings on a leaf's way up, lowest first (RFC 9162 section 2.1.3.1).</summary>
    public static List<LeafRange> OfInclusion(long leaf, long size)
    {
        List<LeafRange> proof = [];
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            (start, end) = Descend(start, end, isLeft: leaf < Middle(start, end), proof);
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>What joins an earlier tree to a later one, lowest first (RFC 9162 section 2.1.4.1).</summary>
    public static List<LeafRange> OfConsistency(long earlier, long later)
    {
        List<LeafRange> proof = [];
        var (start, end) = (0L, later);
        while (earlier > 0 && end != earlier)
        {
            (start, end) = Descend(start, end, isLeft: earlier <= Middle(start, end), proof);
        }

        if (start > 0)
        {
            proof.Add(new LeafRange(start, end)); // a whole earlier tree is known to the verifier; a part of one is not
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>The largest complete subtrees that together hold the leaves of a range, from the left: where one is depends on its start alone.</summary>
    public static IEnumerable<LeafRange> Complete(long start, long end)
    {
        while (start < end)
        {
            var aligned = start == 0 ? long.MaxValue : start & -start;
            var width = Math.Min(aligned, 1L << BitOperations.Log2((ulong)(end - start)));
            yield return new LeafRange(start, start + width);
            start += width;
        }
    }

    private static (long Start, long End) Descend(long start, long end, bool isLeft, List<LeafRange> siblings)
    {
        var middle = Middle(start, end);
        siblings.Add(isLeft ? new LeafRange(middle, end) : new LeafRange(start, middle));
        return isLeft ? (start, middle) : (middle, end);
    }

    /// <summary>The left subtree has as many leaves as the largest power of two below the size.</summary>
    private static long Middle(long start, long end) => start + (1L << BitOperations.Log2((ulong)(end - start - 1)));
}

namespace Compliance.Audit;

/// <summary>Checks proofs with nothing but roots at hand, as an auditor does (RFC 9162 sections 2.1.3.2 and 2.1.4.2).</summary>
public static class MerkleProof
{
    /// <summary>True when the proof shows that the leaf is at its place in the tree of that size and root.</summary>
    public static bool IsIncluded(TreeHash leaf, long index, long size, TreeHash root, IReadOnlyList<TreeHash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (node, last) = (index, size - 1);
        var hash = leaf;
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if (IsRight(node) || node == last)
            {
                hash = TreeHash.OfNode(sibling, hash);
                (node, last) = ToParentWithSibling(node, last);
            }
            else
            {
                hash = TreeHash.OfNode(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>True when the proof shows that the later tree is the earlier one with leaves appended.</summary>
    public static bool IsConsistent(long earlier, TreeHash earlierRoot, long later, TreeHash laterRoot, IReadOnlyList<TreeHash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (earlier < 0 || earlier > later)
        {
            return false;
        }

        if (earlier == 0)
        {
            return proof.Count == 0 && earlierRoot == TreeHash.Empty && (later > 0 || laterRoot == TreeHash.Empty);
        }

        if (earlier == later)
        {
            return proof.Count == 0 && earlierRoot == laterRoot;
        }

        var isWhole = (earlier & (earlier - 1)) == 0; // then the earlier root is itself a node of the later tree
        return (isWhole || proof.Count > 0)
            && Climb(earlier, later, isWhole ? earlierRoot : proof[0], isWhole ? proof : proof.Skip(1)) == (earlierRoot, laterRoot);
    }

    /// <summary>The two roots that the proof leads to; null when it is too long or too short.</summary>
    private static (TreeHash Earlier, TreeHash Later)? Climb(long earlier, long later, TreeHash start, IEnumerable<TreeHash> siblings)
    {
        var (node, last) = (earlier - 1, later - 1);
        while (IsRight(node))
        {
            (node, last) = (node >> 1, last >> 1);
        }

        var (before, after) = (start, start);
        foreach (var sibling in siblings)
        {
            if (last == 0)
            {
                return null;
            }

            if (IsRight(node) || node == last)
            {
                (before, after) = (TreeHash.OfNode(sibling, before), TreeHash.OfNode(sibling, after));
                (node, last) = ToParentWithSibling(node, last);
            }
            else
            {
                after = TreeHash.OfNode(after, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 ? (before, after) : null;
    }

    private static bool IsRight(long node) => (node & 1) == 1;

    /// <summary>The last node of a level without a sibling goes up as it is, until it is a right child.</summary>
    private static (long Node, long Last) ToParentWithSibling(long node, long last)
    {
        while (!IsRight(node) && node != 0)
        {
            (node, last) = (node >> 1, last >> 1);
        }

        return (node, last);
    }
}

using Compliance.Audit;

namespace ControlPlane.Api.Audit.Verification;

/// <summary>The way from a leaf up to the root, node by node, as a picture shows it.</summary>
/// <param name="Leaf">The leaf, in hexadecimal.</param>
/// <param name="Steps">The steps, lowest first.</param>
public sealed record MerklePath(string Leaf, IReadOnlyList<PathStep> Steps)
{
    /// <summary>The root that the way leads to.</summary>
    public string Root => Steps.Count == 0 ? Leaf : Steps[^1].Node;

    /// <summary>Climbs from a leaf by the siblings of a proof (RFC 9162 section 2.1.3.2).</summary>
    public static MerklePath Of(TreeHash leaf, long index, long size, IReadOnlyList<TreeHash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        List<PathStep> steps = [];
        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in proof)
        {
            var isLeft = (node & 1) == 1 || node == last;
            hash = isLeft ? TreeHash.OfNode(sibling, hash) : TreeHash.OfNode(hash, sibling);
            steps.Add(new(sibling.ToString(), isLeft, hash.ToString()));
            while (isLeft && (node & 1) == 0 && node != 0) // the last node of a level goes up as it is, until it has a sibling
            {
                (node, last) = (node >> 1, last >> 1);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return new(leaf.ToString(), steps);
    }
}

/// <summary>A step up.</summary>
/// <param name="Sibling">Hash of the subtree beside, in hexadecimal.</param>
/// <param name="SiblingIsLeft">True when it stands to the left, and so comes first.</param>
/// <param name="Node">Hash of both, in hexadecimal.</param>
public sealed record PathStep(string Sibling, bool SiblingIsLeft, string Node);

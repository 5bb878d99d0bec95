using Compliance.Audit;
using ControlPlane.Api.Audit.Verification;
using CsCheck;

namespace ControlPlane.Api.Tests.Audit;

public sealed class MerklePathTests
{
    [Fact]
    public void From_any_leaf_of_any_tree_the_way_leads_to_the_root() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[0, 299]).Where((size, leaf) => leaf < size).Sample((size, leaf) =>
        {
            var tree = new MerkleTree();
            var leaves = Enumerable.Range(0, size).Select(i => TreeHash.OfLeaf(BitConverter.GetBytes(i))).ToList();
            leaves.ForEach(tree.Append);

            var path = MerklePath.Of(leaves[leaf], leaf, size, tree.ProveInclusion(leaf, size));

            Assert.Equal(tree.Root.ToString(), path.Root);
        });
}

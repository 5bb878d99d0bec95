using Compliance.Audit;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Verification;
using ControlPlane.Api.Problems;
using CsCheck;

namespace ControlPlane.Api.Tests.Audit;

public sealed class TilesTests
{
    [Theory]
    [InlineData("067", 67, 256)]
    [InlineData("x001/x234/067", 1234067, 256)] // the example of C2SP tlog-tiles
    [InlineData("x001/x234/067.p/12", 1234067, 12)]
    [InlineData("273.p/112", 273, 112)]
    public void A_path_names_a_tile(string path, long index, int width) => Assert.Equal((index, width), AuditTilesRest.Parse(path));

    [Theory]
    [InlineData("67")]
    [InlineData("001/067")]
    [InlineData("x000/067")]
    [InlineData("067.p/0")]
    [InlineData("067.p/256")]
    [InlineData("067.p/012")]
    [InlineData("067.p")]
    [InlineData("../067")]
    public void Another_path_is_refused(string path) => Assert.Throws<RequestException>(() => AuditTilesRest.Parse(path));

    [Fact]
    public Task Proofs_from_tiles_are_those_of_the_tree_and_lead_to_its_root() =>
        Gen.Select(Gen.Int[1, 700], Gen.Int[0, 699]).Where((size, leaf) => leaf < size).SampleAsync(async (size, leaf) =>
        {
            var tree = new MerkleTree();
            var leaves = Enumerable.Range(0, size).Select(i => TreeHash.OfLeaf(BitConverter.GetBytes(i))).ToList();
            leaves.ForEach(tree.Append);
            var reader = new TilesOf(leaves);

            var proof = await TileProof.InclusionAsync(reader, leaf, size, CancellationToken.None);

            Assert.Equal(tree.ProveInclusion(leaf, size), proof);
            Assert.Equal(tree.Root.ToString(), MerklePath.Of(leaves[leaf], leaf, size, proof).Root);
        }, iter: 200);
}

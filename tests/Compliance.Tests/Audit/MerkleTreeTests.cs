using System.Text;
using Compliance.Audit;
using CsCheck;

namespace Compliance.Tests.Audit;

public sealed class MerkleTreeTests
{
    /// <summary>Leaves and roots that every implementation of Certificate Transparency is tested with (transparency-dev/merkle, testonly).</summary>
    private static readonly string[] KnownLeaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly Gen<(int Size, int Leaf, int Earlier)> Trees =
        Gen.Int[1, 130].SelectMany(size => Gen.Select(Gen.Const(size), Gen.Int[0, size - 1], Gen.Int[0, size]));

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Its_roots_are_those_of_the_public_vectors(int size, string root)
    {
        var tree = new MerkleTree();
        foreach (var leaf in KnownLeaves)
        {
            tree.Append(TreeHash.OfLeaf(Convert.FromHexString(leaf)));
        }

        Assert.Equal(root, tree.RootAt(size).ToString());
    }

    [Fact]
    public void Any_leaf_of_any_tree_is_proved_and_no_changed_proof_passes() => Trees.Sample(
        (size, index, _) =>
        {
            var tree = Grow(size);
            var proof = tree.ProveInclusion(index, size);

            Assert.True(MerkleProof.IsIncluded(Leaf(index), index, size, tree.Root, proof));
            Assert.False(MerkleProof.IsIncluded(Leaf(index + 1), index, size, tree.Root, proof));
            Assert.False(MerkleProof.IsIncluded(Leaf(index), index, size, Damaged(tree.Root), proof));
            Assert.False(MerkleProof.IsIncluded(Leaf(index), index, size, tree.Root, [.. proof, tree.Root]));
            Assert.All(Enumerable.Range(0, proof.Count), at => Assert.False(MerkleProof.IsIncluded(Leaf(index), index, size, tree.Root, Damaged(proof, at))));
            Assert.All(Enumerable.Range(0, proof.Count), at => Assert.False(MerkleProof.IsIncluded(Leaf(index), index, size, tree.Root, Without(proof, at))));
        },
        iter: 300);

    [Fact]
    public void Any_growth_of_any_tree_is_proved_and_no_changed_proof_passes() => Trees.Sample(
        (later, _, earlier) =>
        {
            var tree = Grow(later);
            var (before, after) = (tree.RootAt(earlier), tree.Root);
            var proof = tree.ProveConsistency(earlier, later);

            Assert.True(MerkleProof.IsConsistent(earlier, before, later, after, proof));
            Assert.False(MerkleProof.IsConsistent(earlier, Damaged(before), later, after, proof));
            Assert.False(MerkleProof.IsConsistent(earlier, before, later, after, [.. proof, after]));
            Assert.All(Enumerable.Range(0, proof.Count), at => Assert.False(MerkleProof.IsConsistent(earlier, before, later, after, Damaged(proof, at))));
            Assert.All(Enumerable.Range(0, proof.Count), at => Assert.False(MerkleProof.IsConsistent(earlier, before, later, after, Without(proof, at))));
            if (earlier > 0)
            {
                Assert.False(MerkleProof.IsConsistent(earlier, before, later, Damaged(after), proof));
            }
        },
        iter: 300);

    [Fact]
    public void A_tree_that_rewrote_its_past_has_no_proof() => Trees.Where(tree => tree.Earlier > 0).Sample(
        (size, _, earlier) =>
        {
            var (honest, rewritten) = (Grow(earlier), Grow(size, changed: earlier - 1));

            Assert.False(MerkleProof.IsConsistent(earlier, honest.Root, size, rewritten.Root, rewritten.ProveConsistency(earlier, size)));
        },
        iter: 300);

    [Fact]
    public void What_the_tree_never_had_is_refused()
    {
        var tree = Grow(3);

        Assert.Throws<ArgumentOutOfRangeException>(() => tree.RootAt(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(3, 2));
        Assert.Throws<ArgumentException>(() => new TreeHash([1, 2, 3]));
    }

    private static MerkleTree Grow(int size, int changed = -1)
    {
        var tree = new MerkleTree();
        for (var i = 0; i < size; i++)
        {
            tree.Append(i == changed ? Leaf(-1) : Leaf(i));
        }

        return tree;
    }

    private static TreeHash Leaf(int entry) => TreeHash.OfLeaf(Encoding.UTF8.GetBytes($"entry {entry}"));

    private static TreeHash Damaged(TreeHash hash)
    {
        var bytes = hash.Bytes.ToArray();
        bytes[^1] ^= 1;
        return new TreeHash(bytes);
    }

    private static List<TreeHash> Damaged(IReadOnlyList<TreeHash> proof, int at) => [.. proof.Select((hash, i) => i == at ? Damaged(hash) : hash)];

    private static List<TreeHash> Without(IReadOnlyList<TreeHash> proof, int at) => [.. proof.Where((_, i) => i != at)];
}

using Compliance.Audit;
using Compliance.Audit.Tree;
using CsCheck;

namespace Compliance.Tests.Audit.Tree;

public sealed class TreeEdgeTests
{
    [Fact]
    public void It_has_the_root_of_the_whole_tree_at_every_size()
    {
        var (tree, edge) = (new MerkleTree(), new TreeEdge());
        for (var i = 0; i < 2000; i++)
        {
            tree.Append(Leaf(i));
            edge.Append(Leaf(i), []);
            Assert.Equal(tree.Root, edge.Root());
        }
    }

    [Fact]
    public void It_can_be_taken_up_at_any_size() => Gen.Select(Gen.Int[0, 70_000], Gen.Int[0, 600]).Sample(
        (size, more) =>
        {
            var whole = new TreeEdge();
            Grow(whole, 0, size + more);
            var first = new TreeEdge();
            Grow(first, 0, size);

            var resumed = TreeEdge.Resume(size, [.. Enumerable.Range(0, TreeEdge.LevelsAt(size)).Select(level => TreeEdge.Split(first.PartialTile(level, TreeEdge.WidthAt(size, level))))]);
            Grow(resumed, size, size + more);

            Assert.Equal(whole.Root(), resumed.Root());
        },
        iter: 10);

    /// <summary>The example of C2SP tlog-tiles: a tree of 70,000.</summary>
    [Fact]
    public void A_tree_of_70000_has_the_tiles_of_the_specification()
    {
        var edge = new TreeEdge();
        List<CompleteTile> tiles = [];
        for (var i = 0; i < 70_000; i++)
        {
            edge.Append(Leaf(i), tiles);
        }

        Assert.Equal((273, 1), (tiles.Count(static tile => tile.Level == 0), tiles.Count(static tile => tile.Level == 1)));
        Assert.Equal((112, 17, 1), (TreeEdge.WidthAt(70_000, 0), TreeEdge.WidthAt(70_000, 1), TreeEdge.WidthAt(70_000, 2)));
        Assert.Equal(TreeEdge.RootOfTile(tiles[0].Hashes), TreeEdge.Split(tiles.Single(static tile => tile.Level == 1).Hashes)[0]);
        Assert.All(tiles.Where(static tile => tile.Level == 0).Select(static (tile, at) => (tile.Index, at)), static pair => Assert.Equal(pair.at, pair.Index));
    }

    [Fact]
    public void A_copy_grows_on_its_own()
    {
        var edge = new TreeEdge();
        Grow(edge, 0, 300);
        var root = edge.Root();
        Grow(edge.Copy(), 300, 900);

        Assert.Equal((300, root), (edge.Size, edge.Root()));
    }

    private static void Grow(TreeEdge edge, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            edge.Append(Leaf(i), []);
        }
    }

    private static TreeHash Leaf(int i) => TreeHash.OfLeaf(BitConverter.GetBytes(i));
}

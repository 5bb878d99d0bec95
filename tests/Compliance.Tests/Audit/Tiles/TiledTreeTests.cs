using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Testing;
using Compliance.Audit.Tiles;
using CsCheck;

namespace Compliance.Tests.Audit.Tiles;

public sealed class TiledTreeTests
{
    private static readonly MemoryLog Log = MemoryLog.Of(1500, static i => $"entry {i}");

    private static readonly Gen<(int Size, int Leaf, int Earlier)> Trees =
        Gen.Int[1, 1500].SelectMany(size => Gen.Select(Gen.Const(size), Gen.Int[0, size - 1], Gen.Int[0, size]));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Proofs_from_tiles_are_those_of_the_tree_in_memory() => await Trees.SampleAsync(
        async (size, leaf, earlier) =>
        {
            var tiles = new TiledTree(Log, size);

            Assert.Equal(Log.Tree.RootAt(size), await tiles.RootAsync(Cancellation));
            Assert.Equal(Log.Tree.RootAt(earlier), await tiles.RootAtAsync(earlier, Cancellation));
            Assert.Equal(Log.Tree.ProveInclusion(leaf, size), await tiles.ProveInclusionAsync(leaf, Cancellation));
            Assert.Equal(Log.Tree.ProveConsistency(earlier, size), await tiles.ProveConsistencyAsync(earlier, Cancellation));
        },
        iter: 200);

    [Fact]
    public async Task Any_proof_holds_and_none_does_with_any_bit_changed() => await Gen.Select(Trees, Gen.Int[0, int.MaxValue]).SampleAsync(
        async (tree, at) =>
        {
            var (size, leaf, earlier) = tree;
            var tiles = new TiledTree(Log, size);
            var (root, before, entry) = (Log.Tree.RootAt(size), Log.Tree.RootAt(earlier), TreeHash.OfLeaf(Log.Bytes(leaf)));
            var inclusion = await tiles.ProveInclusionAsync(leaf, Cancellation);
            var consistency = await tiles.ProveConsistencyAsync(earlier, Cancellation);

            Assert.True(MerkleProof.IsIncluded(entry, leaf, size, root, inclusion));
            Assert.True(MerkleProof.IsConsistent(earlier, before, size, root, consistency));
            Assert.False(MerkleProof.IsIncluded(Changed(entry, at), leaf, size, root, inclusion));
            Assert.False(MerkleProof.IsIncluded(entry, leaf, size, Changed(root, at), inclusion));
            Assert.False(inclusion.Count > 0 && MerkleProof.IsIncluded(entry, leaf, size, root, Changed(inclusion, at)));
            Assert.False(MerkleProof.IsConsistent(earlier, Changed(before, at), size, root, consistency));
            Assert.False(earlier > 0 && MerkleProof.IsConsistent(earlier, before, size, Changed(root, at), consistency));
            Assert.False(consistency.Count > 0 && MerkleProof.IsConsistent(earlier, before, size, root, Changed(consistency, at)));
        },
        iter: 300);

    [Fact]
    public async Task Any_selection_of_entries_leads_to_the_root() => await Gen.Select(Gen.Int[0, 1500], Gen.Int[0, 1500].List[0, 20]).SampleAsync(
        async (size, wanted) =>
        {
            var tiles = new TiledTree(Log, size);
            var range = new CompactRange();
            foreach (var index in wanted.Where(index => index < size).Distinct().Order())
            {
                range.Skip(index, await tiles.HashesOverAsync(range.Size, index, Cancellation));
                range.Append(TreeHash.OfLeaf(Log.Bytes(index)));
            }

            range.Skip(size, await tiles.HashesOverAsync(range.Size, size, Cancellation));

            Assert.Equal((size, Log.Tree.RootAt(size)), (range.Size, range.Root));
        },
        iter: 200);

    [Theory]
    [InlineData(0, 1234067L, 256, "tile/0/x001/x234/067")]
    [InlineData(2, 0L, 1, "tile/2/000.p/1")]
    [InlineData(1, 1L, 17, "tile/1/001.p/17")]
    [InlineData(0, 273L, 112, "tile/0/273.p/112")]
    public void Tiles_have_the_paths_of_the_specification(int level, long index, int width, string path)
    {
        Assert.Equal(path, new TilePath(level, index, width).ToString());
        Assert.Equal(new TilePath(level, index, width), TilePath.TryParse(path));
    }

    [Fact]
    public void A_tree_of_70000_has_the_tiles_of_the_specification()
    {
        Assert.Equal("tile/0/272", TilePath.InTree(0, 272, 70_000)!.ToString());
        Assert.Equal("tile/0/273.p/112", TilePath.InTree(0, 273, 70_000)!.ToString());
        Assert.Equal("tile/1/001.p/17", TilePath.InTree(1, 1, 70_000)!.ToString());
        Assert.Equal("tile/2/000.p/1", TilePath.InTree(2, 0, 70_000)!.ToString());
        Assert.Equal("tile/entries/273.p/112", TilePath.InTree(null, 273, 70_000)!.ToString());
        Assert.Null(TilePath.InTree(0, 274, 70_000));
        Assert.Null(TilePath.InTree(3, 0, 70_000));
    }

    [Theory]
    [InlineData("tile/0/1")]
    [InlineData("tile/00/001")]
    [InlineData("tile/64/001")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/001/002")]
    [InlineData("tile/0/001.p/0")]
    [InlineData("tile/0/001.p/256")]
    [InlineData("tile/0/001.p/01")]
    [InlineData("tile/0/../001")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("tile/0/001\n")]
    public void Any_other_path_is_refused(string path) => Assert.Null(TilePath.TryParse(path));

    [Fact]
    public void A_bundle_gives_back_its_entries()
    {
        ReadOnlyMemory<byte>[] entries = ["one"u8.ToArray(), Array.Empty<byte>(), new byte[65_535]];
        var bundle = EntryBundle.Write(entries);

        Assert.Equal(entries.Select(static entry => entry.Length), EntryBundle.Read(bundle).Select(static entry => entry.Length));
        Assert.Throws<FormatException>(() => EntryBundle.Read(bundle.AsMemory()[..^1]));
        Assert.Throws<FormatException>(() => EntryBundle.Read(bundle.AsMemory()[..1]));
        Assert.Throws<ArgumentException>(() => EntryBundle.Write([new byte[65_536]]));
    }

    [Fact]
    public async Task A_proof_in_one_file_holds_for_its_entry_alone()
    {
        var proof = await LogProof.OfAsync(Log, 700, SignedNote.Parse(Log.SignAt(1300)), Cancellation);
        var read = LogProof.Parse((proof with { Extra = new byte[] { 1, 2 } }).ToString());

        Assert.Equal(1300, read.Verify(Log.Bytes(700), MemoryLog.Key.Verifier).Size);
        Assert.Equal([1, 2], read.Extra.ToArray());
        Assert.Equal(proof.ToString(), LogProof.Parse(proof.ToString()).ToString());
        Assert.Throws<NoteException>(() => read.Verify(Log.Bytes(701), MemoryLog.Key.Verifier));
        Assert.Throws<NoteException>(() => (read with { Index = 701 }).Verify(Log.Bytes(700), MemoryLog.Key.Verifier));
        Assert.Throws<NoteException>(() => read.Verify(Log.Bytes(700), NoteSigner.Generate(MemoryLog.Origin).Verifier));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2sp.org/tlog-proof@v2\nindex 0\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 00\n\nlog\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nlog\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nlog\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n")]
    public void A_malformed_proof_is_refused(string text) => Assert.Throws<NoteException>(() => LogProof.Parse(text));

    private static TreeHash Changed(TreeHash hash, int at)
    {
        var bytes = hash.Bytes.ToArray();
        bytes[at / 8 % bytes.Length] ^= (byte)(1 << (at % 8));
        return new TreeHash(bytes);
    }

    private static List<TreeHash> Changed(IReadOnlyList<TreeHash> proof, int at) => [.. proof.Select((hash, i) => i == at % proof.Count ? Changed(hash, at / proof.Count) : hash)];
}

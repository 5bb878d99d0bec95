using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Testing;

namespace Verifier.Tests;

/// <summary>
/// What an attacker can do to an export, and with what an auditor notices. The letters are the assumptions of the facts' section 5.1: A the package
/// alone, B the newest checkpoint, C an older checkpoint, D a witness.
/// </summary>
public sealed class MutationTests
{
    private const int Size = 300;
    private static readonly MemoryLog Log = MemoryLog.Of(Size);
    private static readonly NoteSigner Witness = NoteSigner.Generate("witness.example/w1", SignatureType.CosignatureV1);
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How far the attacker goes to hide the change: not at all, the manifests made anew, the package signed anew with the stolen key.</summary>
    public enum Cover
    {
        None,
        Manifests,
        Key,
    }

    public static TheoryData<Cover> Covers() => [Cover.None, Cover.Manifests, Cover.Key];

    [Fact]
    public async Task An_honest_package_passes()
    {
        using var export = await Export.OfAsync(Log);

        var (code, output) = await export.VerifyAsync();

        Assert.EndsWith("PASS" + Environment.NewLine, output, StringComparison.Ordinal);
        Assert.Equal(0, code);
        Assert.Contains("300 entries, byte for byte, are in the signed tree", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Covers))]
    public async Task A_edited_byte(Cover cover)
    {
        using var export = await Export.OfAsync(Log);
        var lines = export.Lines();
        lines[123] = lines[123].Replace("succeeded", "succeedeD", StringComparison.Ordinal);

        await AssertCaughtAsync(export, lines, cover, 123);
    }

    [Theory]
    [MemberData(nameof(Covers))]
    public async Task A_deleted_entry(Cover cover)
    {
        using var export = await Export.OfAsync(Log);
        var lines = export.Lines();
        lines.RemoveAt(77);

        await AssertCaughtAsync(export, lines, cover, 77);
    }

    [Theory]
    [MemberData(nameof(Covers))]
    public async Task A_swapped_entries(Cover cover)
    {
        using var export = await Export.OfAsync(Log);
        var lines = export.Lines();
        (lines[40], lines[250]) = (lines[250], lines[40]);

        await AssertCaughtAsync(export, lines, cover, 40);
    }

    [Theory]
    [MemberData(nameof(Covers))]
    public async Task A_truncated_tail(Cover cover)
    {
        using var export = await Export.OfAsync(Log);

        await AssertCaughtAsync(export, export.Lines()[..280], cover, 280);
    }

    /// <summary>Made by the exporter himself, so that all of the package fits: that it ends early can only be said.</summary>
    [Fact]
    public async Task A_package_that_ends_before_its_checkpoint_says_so()
    {
        using var export = await Export.OfAsync(Log, end: 280);

        var (code, output) = await export.VerifyAsync();

        Assert.Equal(0, code);
        Assert.Contains("entries 280 to 299 of the checkpoint are not in the package", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_that_is_gone_without_a_prune_certificate_leaves_it_unchecked()
    {
        var log = MemoryLog.Of(Size);
        log.PrunedTo = 256;
        using var export = await Export.OfAsync(log);

        var (code, output) = await export.VerifyAsync();

        Assert.Equal(2, code);
        Assert.Contains("entries 0 to 255 are not in the package, and no prune certificate in it covers them", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, 0)]
    [InlineData(255, 2)]
    public async Task A_prefix_that_is_gone_by_a_prune_certificate_passes_as_far_as_that_goes(long certified, int code)
    {
        var log = MemoryLog.Of(Size, i => i == 290 ? Certificate(i, certified) : MemoryLog.Entry(i));
        log.PrunedTo = 256;
        using var export = await Export.OfAsync(log);

        Assert.Equal(code, (await export.VerifyAsync()).Code);
    }

    [Theory]
    [MemberData(nameof(Covers))]
    public async Task A_inserted_entry(Cover cover)
    {
        using var export = await Export.OfAsync(Log);
        var lines = export.Lines();
        lines.Insert(10, MemoryLog.Entry(10, reason: "invented"));

        await AssertCaughtAsync(export, lines, cover, 10);
    }

    /// <summary>With the entry's hash exchanged too, the place can't be told any more; that something is wrong can.</summary>
    [Fact]
    public async Task A_edited_entry_together_with_its_hash()
    {
        using var export = await Export.OfAsync(Log);
        var lines = export.Lines();
        var old = Convert.ToBase64String(TreeHash.OfLeaf(System.Text.Encoding.UTF8.GetBytes(lines[5])).Bytes);
        lines[5] = MemoryLog.Entry(5, reason: "changed");
        var proof = await File.ReadAllTextAsync(export.At("data/entries.proof"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            export.At("data/entries.proof"), proof.Replace(old, Convert.ToBase64String(TreeHash.OfLeaf(System.Text.Encoding.UTF8.GetBytes(lines[5])).Bytes), StringComparison.Ordinal), TestContext.Current.CancellationToken);
        export.Write(lines);
        File.Delete(export.At("data/entries.csv"));
        File.Delete(export.At("data/entries.xlsx"));
        await export.ResealAsync();

        var (code, output) = await export.VerifyAsync();

        Assert.Equal(1, code);
        Assert.Contains("not to the signed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rewritten_log_signed_anew_is_not_noticed_without_older_checkpoint_or_witness()
    {
        using var export = await Export.OfAsync(Rewritten());

        Assert.Equal(0, (await export.VerifyAsync()).Code); // what no structure can show: the operator holds the key
    }

    [Fact]
    public async Task C_rewritten_log_signed_anew()
    {
        using var export = await Export.OfAsync(Rewritten(), older: Rewritten().SignAt(200));

        var (code, output) = await export.VerifyAsync(older: Log.SignAt(200));

        Assert.Equal(1, code);
        Assert.Contains("rewritten", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C_an_older_checkpoint_is_compared_although_an_entry_was_edited()
    {
        using var export = await Export.OfAsync(Log, older: Log.SignAt(200));
        var lines = export.Lines();
        lines[250] = MemoryLog.Entry(250, reason: "changed");
        export.Write(lines);

        var (code, output) = await export.VerifyAsync(older: Log.SignAt(200));

        Assert.Equal(1, code);
        Assert.Contains("the 200 entries that you knew of are unchanged", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C_the_part_after_the_older_checkpoint_can_still_be_rewritten()
    {
        using var export = await Export.OfAsync(Rewritten());

        Assert.Equal(0, (await export.VerifyAsync(older: Log.SignAt(100))).Code);
    }

    [Fact]
    public async Task B_replayed_old_checkpoint()
    {
        using var export = await Export.OfAsync(Log, checkpoint: Log.SignAt(200));

        var (code, output) = await export.VerifyAsync(older: Log.SignAt(Size));

        Assert.Equal(0, (await export.VerifyAsync()).Code); // A: an old state is a true one
        Assert.Equal(1, code);
        Assert.Contains("FAIL first bad index 200", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B_fork_of_the_same_size()
    {
        using var export = await Export.OfAsync(Rewritten());

        var (code, output) = await export.VerifyAsync(older: Log.SignAt(Size));

        Assert.Equal(1, code);
        Assert.Contains("fork", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task D_fork_and_rewrite_lack_the_witness()
    {
        using var honest = await Export.OfAsync(Log, checkpoint: Cosigned(Log.SignAt(Size)), witnesses: [Witness.Verifier]);
        using var fork = await Export.OfAsync(Rewritten(), witnesses: [Witness.Verifier]);
        var stolen = SignedNote.Parse(Rewritten().SignAt(Size)).With(SignedNote.Parse(Cosigned(Log.SignAt(Size))).Signatures[^1]).ToString();
        using var borrowed = await Export.OfAsync(Rewritten(), checkpoint: stolen, witnesses: [Witness.Verifier]);

        Assert.Equal(0, (await honest.VerifyAsync(witnesses: [Witness.Verifier])).Code);
        Assert.Equal(1, (await fork.VerifyAsync(witnesses: [Witness.Verifier])).Code);
        Assert.Equal(1, (await borrowed.VerifyAsync(witnesses: [Witness.Verifier])).Code);
    }

    [Theory]
    [InlineData("data/entries.csv")]
    [InlineData("data/entries.xlsx")]
    [InlineData("data/certificate.pdf")]
    [InlineData("data/checkpoint")]
    [InlineData("data/entries.proof")]
    [InlineData("data/query.json")]
    [InlineData("data/keys.txt")]
    [InlineData("bag-info.txt")]
    [InlineData("bagit.txt")]
    [InlineData("manifest-sha256.txt")]
    [InlineData("tagmanifest-sha256.txt")]
    [InlineData("package.dsse.json")]
    public async Task A_any_changed_file(string path)
    {
        using var export = await Export.OfAsync(Log);
        var bytes = await File.ReadAllBytesAsync(export.At(path), TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(export.At(path), bytes, TestContext.Current.CancellationToken);

        Assert.Equal(1, (await export.VerifyAsync()).Code);
    }

    [Theory]
    [InlineData("data/entries.csv", "u-3", "u-4")]
    [InlineData("data/query.json", "\"count\": 300", "\"count\": 299")]
    public async Task A_table_or_count_that_says_something_else_even_when_signed(string path, string old, string changed)
    {
        using var export = await Export.OfAsync(Log);
        var text = await File.ReadAllTextAsync(export.At(path), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(export.At(path), text.Replace(old, changed, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await export.ResealAsync();

        Assert.Equal(1, (await export.VerifyAsync()).Code);
    }

    [Fact]
    public async Task A_stray_file_and_a_missing_one()
    {
        using var export = await Export.OfAsync(Log);
        await File.WriteAllTextAsync(export.At("data/extra.txt"), "x", TestContext.Current.CancellationToken);
        Assert.Contains("data/extra.txt is in no manifest", (await export.VerifyAsync()).Output, StringComparison.Ordinal);
        File.Delete(export.At("data/extra.txt"));
        File.Delete(export.At("data/entries.proof"));

        var (code, output) = await export.VerifyAsync();

        Assert.Equal(1, code);
        Assert.Contains("data/entries.proof is missing", output, StringComparison.Ordinal);
    }

    private static async Task AssertCaughtAsync(Export export, List<string> lines, Cover cover, int index)
    {
        export.Write(lines);
        await (cover switch { Cover.Manifests => export.FixManifestsAsync(), Cover.Key => export.ResealAsync(), _ => Task.CompletedTask });

        var (code, output) = await export.VerifyAsync();

        Assert.Equal(1, code);
        Assert.Contains($"FAIL first bad index {index}:", output, StringComparison.Ordinal);
    }

    private static string Certificate(int i, long end) => MemoryLog.Entry(i)
        .Replace("session.start", "log.prune", StringComparison.Ordinal).Replace("\"eventId\"", $"\"details\":{{\"end\":{end}}},\"eventId\"", StringComparison.Ordinal);

    /// <summary>What the holder of the key makes of history: entry 150 says something else.</summary>
    private static MemoryLog Rewritten() => MemoryLog.Of(Size, static i => MemoryLog.Entry(i, reason: i == 150 ? "rewritten" : "routine"));

    private static string Cosigned(string checkpoint)
    {
        var note = SignedNote.Parse(checkpoint);
        return note.With(Witness.Cosign(note.Text, Noon)).ToString();
    }
}

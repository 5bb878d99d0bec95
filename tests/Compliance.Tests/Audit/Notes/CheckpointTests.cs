using Compliance.Audit;
using Compliance.Audit.Notes;

namespace Compliance.Tests.Audit.Notes;

public sealed class CheckpointTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private readonly NoteSigner _log = NoteSigner.Generate("audit.example/log");

    [Fact]
    public void It_is_read_as_it_was_signed()
    {
        var checkpoint = new Checkpoint("audit.example/log", 20852163, TreeHash.Empty) { Extensions = ["clock offset 3 ms"] };

        var read = Checkpoint.Open(SignedNote.Parse(checkpoint.Sign(_log).ToString()), _log.Verifier);

        Assert.Equal(checkpoint, read);
        Assert.Equal(["clock offset 3 ms"], read.Extensions);
    }

    [Fact]
    public void The_text_is_that_of_the_specification() => Assert.Equal(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        Checkpoint.Parse("example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n").ToText());

    [Theory]
    [InlineData("")]
    [InlineData("log\n1\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")]
    [InlineData("log\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n1 \nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("log\n1\nAAAA\n")]
    [InlineData("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nx\n")]
    public void A_malformed_one_is_refused(string text) => Assert.Throws<NoteException>(() => Checkpoint.Parse(text));

    [Fact]
    public void Another_logs_and_an_unsigned_one_are_not_trusted()
    {
        var other = NoteSigner.Generate("audit.example/other");
        var foreign = new Checkpoint("audit.example/log", 1, TreeHash.Empty).Sign(other);

        Assert.Throws<NoteException>(() => Checkpoint.Open(foreign, _log.Verifier));
        Assert.Throws<NoteException>(() => Checkpoint.Open(foreign, other.Verifier)); // signed, but with the key of another origin
    }

    [Fact]
    public void A_cosignature_covers_the_text_and_its_time()
    {
        var witness = NoteSigner.Generate("witness.example/w", SignatureType.CosignatureV1);
        var checkpoint = new Checkpoint("audit.example/log", 7, TreeHash.Empty) { Extensions = ["extended"] }.Sign(_log);
        var cosignature = witness.Cosign(checkpoint.Text, Noon);

        Assert.Equal(2, checkpoint.With(cosignature).VerifiedBy(_log.Verifier, witness.Verifier).Count);
        Assert.Equal(Noon, NoteVerifier.TimeOf(cosignature));
        Assert.False(witness.Verifier.Verifies(checkpoint.Text.Replace("extended", "Extended", StringComparison.Ordinal), cosignature));
        var later = cosignature.Bytes.ToArray();
        later[7] ^= 1;
        Assert.False(witness.Verifier.Verifies(checkpoint.Text, cosignature with { Bytes = later }));
        Assert.Throws<InvalidOperationException>(() => witness.Sign(checkpoint.Text)); // a witness vouches for consistency, never as the log
        Assert.Throws<InvalidOperationException>(() => _log.Cosign(checkpoint.Text, Noon));
    }

    [Fact]
    public void Keys_and_times_of_other_implementations_are_understood()
    {
        // transparency-dev/formats, note_cosigv1_test.go
        Assert.Equal(SignatureType.CosignatureV1, NoteVerifier.Parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2").Type);
        Assert.Equal("TEST", NoteVerifier.Parse("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6").Name);
        var line = NoteSignature.Parse("— remora ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA==");
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1727964367), NoteVerifier.TimeOf(line));
    }
}

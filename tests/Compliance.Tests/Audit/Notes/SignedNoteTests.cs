using System.Text;
using Compliance.Audit.Notes;
using CsCheck;

namespace Compliance.Tests.Audit.Notes;

public sealed class SignedNoteTests
{
    // golang/mod sumdb/note note_test.go: the private key is public, so that signing can be compared byte for byte.
    private const string PeterPrivate = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    private const string Peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private const string Enoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
    private const string Text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private const string PeterLine = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    private const string EnochLine = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    [Fact]
    public void The_example_of_the_specification_verifies()
    {
        var note = SignedNote.Parse(
            "This is an example message.\n\n"
            + "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n");

        Assert.Single(note.VerifiedBy(NoteVerifier.Parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")));
    }

    [Fact]
    public void Signing_gives_the_same_bytes_as_the_reference()
    {
        var note = new SignedNote(Text, []).With(NoteSigner.Parse(PeterPrivate).Sign(Text));

        Assert.Equal($"{Text}\n{PeterLine}", note.ToString());
        Assert.Equal(Peter, NoteSigner.Parse(PeterPrivate).Verifier.ToString());
    }

    [Fact]
    public void Only_trusted_keys_count_and_all_of_them_do()
    {
        var note = SignedNote.Parse($"{Text}\n{PeterLine}{EnochLine}");

        Assert.Equal(["PeterNeumann"], note.VerifiedBy(NoteVerifier.Parse(Peter)).Select(key => key.Name));
        Assert.Equal(["PeterNeumann", "EnochRoot"], note.VerifiedBy(NoteVerifier.Parse(Peter), NoteVerifier.Parse(Enoch)).Select(key => key.Name));
        Assert.Empty(note.VerifiedBy(NoteSigner.Generate("PeterNeumann").Verifier));
    }

    [Fact]
    public void A_signature_of_a_trusted_key_that_does_not_hold_is_an_alarm()
    {
        var damaged = SignedNote.Parse($"{Text}\n{PeterLine[..60]}ABCD{PeterLine[60..]}");
        var twice = SignedNote.Parse($"{Text}\n{PeterLine}{PeterLine[..60]}ABCD{PeterLine[60..]}");

        Assert.Contains("PeterNeumann+c74f20a3", Assert.Throws<NoteException>(() => damaged.VerifiedBy(NoteVerifier.Parse(Peter))).Message, StringComparison.Ordinal);
        Assert.Throws<NoteException>(() => twice.VerifiedBy(NoteVerifier.Parse(Peter)));
    }

    public static TheoryData<string> MalformedNotes() =>
    [
        Text,
        $"{Text}\n",
        $"{Text}\n{PeterLine[..^1]}",
        $"\u0001{Text}\n{PeterLine}",
        $"\ud800{Text}\n{PeterLine}",
        $"{Text}\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
        $"{Text}\n{PeterLine}Unexpected line.\n",
        $"{Text}\n{PeterLine.Replace("JnAM=", "JnAM", StringComparison.Ordinal)}",
        $"{Text}\n{PeterLine.Replace("JnAM=", "JnAN=", StringComparison.Ordinal)}", // stray bits after the last byte
        $"{Text}\n{PeterLine.Replace("x08g", "x08 g", StringComparison.Ordinal)}",
        $"{Text}\n{string.Concat(Enumerable.Repeat(PeterLine, 101))}",
        $"{Text}\n— PeterNeumann x08g\n",
        $"{Text}\n— PeterNeumann x08gow==\n",
        "",
        "\n\n",
    ];

    [Theory]
    [MemberData(nameof(MalformedNotes))]
    public void A_malformed_note_is_refused(string note) => Assert.Throws<NoteException>(() => SignedNote.Parse(note));

    [Fact]
    public void Broken_bytes_are_refused() =>
        Assert.Throws<NoteException>(() => SignedNote.Parse([0xff, .. Encoding.UTF8.GetBytes($"{Text}\n{PeterLine}")]));

    [Fact]
    public void A_mangled_public_key_is_refused()
    {
        foreach (var part in Parts(Peter))
        {
            Assert.Throws<NoteException>(() => NoteVerifier.Parse(part));
        }

        Assert.Throws<NoteException>(() => NoteVerifier.Parse("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==")); // too long
        Assert.Throws<NoteException>(() => NoteVerifier.Parse("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")); // unknown type
    }

    [Fact]
    public void A_mangled_private_key_is_refused_and_not_repeated()
    {
        foreach (var part in Parts(PeterPrivate))
        {
            var refusal = Assert.Throws<NoteException>(() => NoteSigner.Parse(part));
            Assert.DoesNotContain("FALVFGyNhPJEMzD1", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_key_that_would_accept_forged_signatures_is_refused()
    {
        var neutral = new byte[32];
        neutral[0] = 1; // the neutral point: some signatures verify under it for any message
        var key = new NoteVerifier("small", SignatureType.Ed25519, neutral).ToString();

        Assert.Throws<NoteException>(() => NoteVerifier.Parse(key));
    }

    [Fact]
    public void Any_note_survives_writing_and_no_changed_byte_passes() => Gen.Select(Gen.String, Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).Sample(
        (random, at, bit) =>
        {
            var text = string.Concat(random.Where(letter => letter >= ' ' && !char.IsSurrogate(letter))) + "\n";
            var signer = NoteSigner.Parse(PeterPrivate);
            var note = new SignedNote(text, [signer.Sign(text)]);
            var bytes = Encoding.UTF8.GetBytes(note.ToString());

            Assert.Single(SignedNote.Parse(bytes).VerifiedBy(signer.Verifier));
            bytes[at % bytes.Length] ^= (byte)(1 << bit);
            Assert.False(Passes(bytes, signer.Verifier));
        },
        iter: 500);

    private static bool Passes(byte[] note, NoteVerifier key)
    {
        try
        {
            return SignedNote.Parse(note).VerifiedBy(key).Count > 0;
        }
        catch (NoteException)
        {
            return false;
        }
    }

    /// <summary>Every part of a key's text, and the text with any one letter raised by one.</summary>
    private static IEnumerable<string> Parts(string key) =>
        Enumerable.Range(0, key.Length + 1)
            .SelectMany(start => Enumerable.Range(start, key.Length + 1 - start).Select(end => key[start..end]))
            .Where(part => part != key)
            .Concat(Enumerable.Range(0, key.Length).Select(at => $"{key[..at]}{(char)(key[at] + 1)}{key[(at + 1)..]}"));
}

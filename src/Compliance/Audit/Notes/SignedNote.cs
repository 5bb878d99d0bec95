using System.Text;

namespace Compliance.Audit.Notes;

/// <summary>
/// A text with signatures (C2SP signed-note). The text means nothing until <see cref="VerifiedBy"/> named a key that is trusted.
/// </summary>
public sealed record SignedNote
{
    /// <summary>Signatures at most; the format asks for at least 16.</summary>
    public const int MaxSignatures = 100;

    /// <summary>Bytes at most.</summary>
    public const int MaxSize = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Puts signatures under a text.</summary>
    /// <exception cref="NoteException">The text does not end with a newline, or holds control characters or broken Unicode; or there are too many signatures.</exception>
    public SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(signatures);
        RequireText(text);
        (Text, Signatures) = (text, signatures.Count <= MaxSignatures ? signatures : throw new NoteException($"more than {MaxSignatures} signatures"));
    }

    /// <summary>The text, with its last newline.</summary>
    public string Text { get; }

    /// <summary>Signature lines, whoever's they are.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Reads a note.</summary>
    /// <exception cref="NoteException">It is malformed.</exception>
    public static SignedNote Parse(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        var border = note.LastIndexOf("\n\n", StringComparison.Ordinal); // the text may hold blank lines: the last one counts
        if (note.Length > MaxSize || border < 0 || border + 2 == note.Length || note[^1] != '\n')
        {
            throw new NoteException("a note is a text, a blank line and signature lines, each ended by a newline");
        }

        var lines = note[(border + 2)..^1].Split('\n');
        return lines.Length <= MaxSignatures
            ? new SignedNote(note[..(border + 1)], [.. lines.Select(NoteSignature.Parse)])
            : throw new NoteException($"more than {MaxSignatures} signatures");
    }

    /// <summary>Reads a note as it was stored or sent.</summary>
    /// <exception cref="NoteException">It is malformed.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> note)
    {
        try
        {
            return Parse(note.Length <= MaxSize ? StrictUtf8.GetString(note) : throw new NoteException($"a note of more than {MaxSize} bytes"));
        }
        catch (DecoderFallbackException broken)
        {
            throw new NoteException("a note is UTF-8", broken);
        }
    }

    /// <summary>Which of the trusted keys signed the text. Signatures of other keys do not matter.</summary>
    /// <exception cref="NoteException">A signature of a trusted key does not hold: somebody tampered with the note.</exception>
    public IReadOnlyList<NoteVerifier> VerifiedBy(params IEnumerable<NoteVerifier> trusted)
    {
        ArgumentNullException.ThrowIfNull(trusted);
        List<NoteVerifier> signers = [];
        foreach (var key in trusted.DistinctBy(static key => key.ToString()))
        {
            var own = Signatures.Where(key.IsOf).ToList();
            if (own.Exists(signature => !key.Verifies(Text, signature)))
            {
                throw new NoteException($"a signature of {key.Name}+{key.KeyId:x8} does not hold");
            }

            if (own.Count > 0)
            {
                signers.Add(key);
            }
        }

        return signers;
    }

    /// <summary>The note with one more signature; a signature of the same key gives way to it.</summary>
    public SignedNote With(NoteSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return new SignedNote(Text, [.. Signatures.Where(other => other.Name != signature.Name || other.KeyId != signature.KeyId), signature]);
    }

    /// <summary>The note as it is stored and sent.</summary>
    public override string ToString() => $"{Text}\n{string.Concat(Signatures.Select(static signature => $"{signature}\n"))}";

    private static void RequireText(string text)
    {
        if (text.Length == 0 || text[^1] != '\n' || text.Any(static letter => letter < ' ' && letter != '\n'))
        {
            throw new NoteException("the text of a note ends with a newline and has no other control characters");
        }

        try
        {
            StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException broken)
        {
            throw new NoteException("the text of a note is Unicode", broken);
        }
    }
}

using System.Globalization;

namespace Compliance.Audit.Notes;

/// <summary>
/// What a log says of itself: so many entries, with this root (C2SP tlog-checkpoint). Two checkpoints of one log that no consistency proof joins prove
/// that it lied.
/// </summary>
/// <param name="Origin">Which log; also the name of its key.</param>
/// <param name="Size">Entries.</param>
/// <param name="Root">Root of the tree over them.</param>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>Further lines, kept as they are; nothing checks what they say.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Reads a checkpoint's text: without its signatures, and so without any trust.</summary>
    /// <exception cref="NoteException">It is malformed.</exception>
    public static Checkpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.EndsWith('\n') ? text[..^1].Split('\n') : [];
        if (lines.Length < 3 || lines.Any(static line => line.Length == 0))
        {
            throw new NoteException("a checkpoint is an origin, a size, a root and further lines that are not empty, each ended by a newline");
        }

        var root = StrictBase64.Decode(lines[2]);
        return ParseNumber(lines[1]) is { } size && root is { Length: TreeHash.Size }
            ? new Checkpoint(lines[0], size, new TreeHash(root)) { Extensions = lines[3..] }
            : throw new NoteException("the size of a checkpoint is a decimal number, its root 32 bytes in base64");
    }

    /// <summary>Reads a signed checkpoint and trusts it if this log signed it.</summary>
    /// <exception cref="NoteException">It is malformed, another log's, not signed by the key, or changed since.</exception>
    public static Checkpoint Open(SignedNote note, NoteVerifier log)
    {
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(log);
        if (note.VerifiedBy(log).Count == 0)
        {
            throw new NoteException($"the checkpoint is not signed by {log.Name}+{log.KeyId:x8}");
        }

        var checkpoint = Parse(note.Text);
        return checkpoint.Origin == log.Name ? checkpoint : throw new NoteException($"the checkpoint is of log {checkpoint.Origin}, the key of {log.Name}");
    }

    /// <summary>Signs it.</summary>
    /// <exception cref="NoteException">A part of it can't stand in a checkpoint.</exception>
    public SignedNote Sign(NoteSigner log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var text = ToText();
        return Parse(text).ToText() == text ? new SignedNote(text, [log.Sign(text)]) : throw new NoteException("the checkpoint has a line that does not stand");
    }

    /// <summary>The text that is signed.</summary>
    public string ToText() =>
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.Bytes)}\n{string.Concat(Extensions.Select(static line => line + "\n"))}");

    /// <summary>True for the same statement, further lines included.</summary>
    public bool Equals(Checkpoint? other) => other is not null && ToText() == other.ToText();

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Origin, Size, Root);

    /// <summary>A number that has exactly one spelling: no sign, no leading zero.</summary>
    internal static long? ParseNumber(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text ? number : null;
}

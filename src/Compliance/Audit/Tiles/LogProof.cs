using System.Globalization;
using Compliance.Audit.Notes;

namespace Compliance.Audit.Tiles;

/// <summary>
/// One file that proves one entry without network or database (C2SP tlog-proof, <c>.tlog-proof</c>): where the entry is, its way up, and the signed
/// checkpoint that the way leads to.
/// </summary>
/// <param name="Index">Index of the entry.</param>
/// <param name="Siblings">Inclusion proof, from the leaf's sibling up.</param>
/// <param name="Checkpoint">Signed checkpoint, with what cosignatures it has.</param>
public sealed record LogProof(long Index, IReadOnlyList<TreeHash> Siblings, SignedNote Checkpoint)
{
    private const string Header = "c2sp.org/tlog-proof@v1";
    private const string IndexPrefix = "index ";
    private const string ExtraPrefix = "extra ";
    private const int MaxSiblings = 63;

    /// <summary>Further bytes with a meaning of the application's own; nothing vouches for them.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>Makes the proof of an entry from tiles.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The checkpoint does not reach that far.</exception>
    /// <exception cref="NoteException">The checkpoint is malformed.</exception>
    public static async Task<LogProof> OfAsync(IAuditReader reader, long index, SignedNote checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var tree = new TiledTree(reader, Notes.Checkpoint.Parse(checkpoint.Text).Size);
        return new LogProof(index, await tree.ProveInclusionAsync(index, cancellationToken), checkpoint);
    }

    /// <summary>Reads a proof.</summary>
    /// <exception cref="NoteException">It is malformed.</exception>
    public static LogProof Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var border = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = border < 0 ? [] : text[..border].Split('\n');
        var at = lines.Length > 1 && lines[1].StartsWith(ExtraPrefix, StringComparison.Ordinal) ? 2 : 1;
        var extra = at == 2 ? StrictBase64.Decode(lines[1][ExtraPrefix.Length..]) : [];
        if (lines.Length <= at || lines[0] != Header || extra is null || !lines[at].StartsWith(IndexPrefix, StringComparison.Ordinal)
            || Notes.Checkpoint.ParseNumber(lines[at][IndexPrefix.Length..]) is not { } index || lines.Length - at - 1 > MaxSiblings)
        {
            throw new NoteException($"a proof is the line {Header}, an index, hashes in base64, a blank line and a checkpoint");
        }

        return new LogProof(index, [.. lines[(at + 1)..].Select(ParseHash)], SignedNote.Parse(text[(border + 2)..])) { Extra = extra };
    }

    /// <summary>The checkpoint that the entry is proved to be under.</summary>
    /// <param name="entry">The entry's exact bytes.</param>
    /// <param name="log">Key of the log.</param>
    /// <exception cref="NoteException">The checkpoint is not the log's, or the entry is not in it.</exception>
    public Checkpoint Verify(ReadOnlySpan<byte> entry, NoteVerifier log)
    {
        var checkpoint = Notes.Checkpoint.Open(Checkpoint, log);
        return MerkleProof.IsIncluded(TreeHash.OfLeaf(entry), Index, checkpoint.Size, checkpoint.Root, Siblings)
            ? checkpoint
            : throw new NoteException($"the entry is not entry {Index} of the checkpoint of size {checkpoint.Size}");
    }

    /// <summary>The file.</summary>
    public override string ToString()
    {
        var extra = Extra.IsEmpty ? "" : $"{ExtraPrefix}{Convert.ToBase64String(Extra.Span)}\n";
        var siblings = string.Concat(Siblings.Select(static hash => Convert.ToBase64String(hash.Bytes) + "\n"));
        return string.Create(CultureInfo.InvariantCulture, $"{Header}\n{extra}{IndexPrefix}{Index}\n{siblings}\n{Checkpoint}");
    }

    internal static TreeHash ParseHash(string line) =>
        StrictBase64.Decode(line) is { Length: TreeHash.Size } bytes ? new TreeHash(bytes) : throw new NoteException("a hash is 32 bytes in base64");
}

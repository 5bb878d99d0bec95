using System.Globalization;
using System.Text;
using Compliance.Audit.Notes;

namespace Compliance.Audit.Packages;

/// <summary>
/// A consistency proof as text: <c>old 20852014</c>, then one hash a line. It is the head of a request to a witness too (C2SP tlog-witness).
/// </summary>
public static class ConsistencyProof
{
    /// <summary>Hashes at most.</summary>
    public const int MaxHashes = 63;

    private const string Prefix = "old ";

    /// <summary>Writes it, each line ended by a newline.</summary>
    public static byte[] Write(long oldSize, IReadOnlyList<TreeHash> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{oldSize}\n{string.Concat(hashes.Select(static hash => Convert.ToBase64String(hash.Bytes) + "\n"))}"));
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="NoteException">It is malformed.</exception>
    public static (long OldSize, IReadOnlyList<TreeHash> Hashes) Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.EndsWith('\n') ? text[..^1].Split('\n') : [];
        return lines.Length is > 0 and <= MaxHashes + 1 && lines[0].StartsWith(Prefix, StringComparison.Ordinal)
            && Checkpoint.ParseNumber(lines[0][Prefix.Length..]) is { } size
                ? (size, [.. lines[1..].Select(Tiles.LogProof.ParseHash)])
                : throw new NoteException($"a consistency proof is the line {Prefix}SIZE and at most {MaxHashes} hashes in base64");
    }
}

using System.Buffers.Binary;

namespace Compliance.Audit.Notes;

/// <summary>A signature line of a note. Only <see cref="NoteVerifier.Verifies"/> says whether it holds.</summary>
/// <param name="Name">Name of the key.</param>
/// <param name="KeyId">Id of the key.</param>
/// <param name="Bytes">The signature, without the id.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes)
{
    private const string Dash = "— ";

    /// <summary>Reads a signature line, without its newline.</summary>
    /// <exception cref="NoteException">It is malformed.</exception>
    public static NoteSignature Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var parts = line.StartsWith(Dash, StringComparison.Ordinal) ? line[Dash.Length..].Split(' ') : [];
        return parts.Length == 2 && NoteKey.IsName(parts[0]) && StrictBase64.Decode(parts[1]) is { Length: > sizeof(uint) } bytes
            ? new NoteSignature(parts[0], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(sizeof(uint)))
            : throw new NoteException("a signature line reads: em dash, space, name, space, base64 of key id and signature");
    }

    /// <summary>True for the same line.</summary>
    public bool Equals(NoteSignature? other) =>
        other is not null && Name == other.Name && KeyId == other.KeyId && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, KeyId, Bytes.Length);

    /// <summary>The line, without its newline.</summary>
    public override string ToString()
    {
        var id = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(id, KeyId);
        return $"{Dash}{Name} {Convert.ToBase64String([.. id, .. Bytes.Span])}";
    }
}

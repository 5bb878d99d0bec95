using System.Buffers.Binary;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Compliance.Audit.Notes;

/// <summary>
/// The public key of a log or witness. An auditor must get its text by another way than the log's own, or at least compare it with somebody who did.
/// </summary>
public sealed class NoteVerifier
{
    private const int TimeSize = sizeof(ulong);
    private readonly byte[] _publicKey;

    internal NoteVerifier(string name, SignatureType type, byte[] publicKey)
    {
        (Name, Type, _publicKey) = (name, type, publicKey);
        KeyId = NoteKey.IdOf(name, type, publicKey);
    }

    /// <summary>Whose key it is; for a log also the origin of its checkpoints.</summary>
    public string Name { get; }

    /// <summary>Tells keys of one name apart; no protection against forgery.</summary>
    public uint KeyId { get; }

    /// <summary>Sort of signatures that it verifies.</summary>
    public SignatureType Type { get; }

    /// <summary>The raw Ed25519 key, 32 bytes (RFC 8032).</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>Reads a key's text ("vkey").</summary>
    /// <exception cref="NoteException">It is malformed, or its id is not that of its key.</exception>
    public static NoteVerifier Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, id, type, key) = NoteKey.Parse(text);
        var verifier = new NoteVerifier(name, type, key);
        if (verifier.KeyId != id)
        {
            throw new NoteException($"the id of key {name} is not that of its bytes: the text is damaged");
        }

        // A point of small order would accept signatures that nobody made.
        return Ed25519.ValidatePublicKeyFull(key, 0) ? verifier : throw new NoteException($"key {name} is not a usable Ed25519 key");
    }

    /// <summary>True when the signature is this key's and holds over the text.</summary>
    public bool Verifies(string text, NoteSignature signature)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(signature);
        var bytes = signature.Bytes.Span;
        return IsOf(signature) && Type switch
        {
            SignatureType.CosignatureV1 => bytes.Length == TimeSize + Ed25519.SignatureSize
                && TimeOf(signature) is { } time && Holds(Cosignature.Message(text, time), bytes[TimeSize..]),
            _ => bytes.Length == Ed25519.SignatureSize && Holds(Encoding.UTF8.GetBytes(text), bytes),
        };
    }

    /// <summary>True when the signature names this key; whether it holds is another question.</summary>
    public bool IsOf(NoteSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return signature.Name == Name && signature.KeyId == KeyId;
    }

    /// <summary>The time that a cosignature says it was made at; null when it says none that can be told.</summary>
    public static DateTimeOffset? TimeOf(NoteSignature cosignature)
    {
        ArgumentNullException.ThrowIfNull(cosignature);
        return cosignature.Bytes.Length == TimeSize + Ed25519.SignatureSize
            && BinaryPrimitives.ReadUInt64BigEndian(cosignature.Bytes.Span) is var seconds
            && seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
                : null;
    }

    /// <summary>The key's text.</summary>
    public override string ToString() => NoteKey.Format(Name, KeyId, Type, _publicKey);

    internal bool Holds(byte[] message, ReadOnlySpan<byte> signature) =>
        Ed25519.Verify(signature.ToArray(), 0, _publicKey, 0, message, 0, message.Length);
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Compliance.Audit.Notes;

/// <summary>The private key of a log or witness. Whoever has it can sign in its name: it never leaves its file (<see cref="NoteKeyFile"/>).</summary>
public sealed class NoteSigner
{
    private const string Prefix = "PRIVATE+KEY+";
    private readonly byte[] _seed;

    private NoteSigner(string name, SignatureType type, byte[] seed)
    {
        _seed = seed;
        var publicKey = new byte[NoteKey.Size];
        Ed25519.GeneratePublicKey(seed, 0, publicKey, 0);
        Verifier = new NoteVerifier(name, type, publicKey);
    }

    /// <summary>The public half.</summary>
    public NoteVerifier Verifier { get; }

    /// <summary>Makes a new key.</summary>
    /// <exception cref="NoteException">The name is empty or holds a space, a plus sign or a control character.</exception>
    public static NoteSigner Generate(string name, SignatureType type = SignatureType.Ed25519)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NoteKey.IsName(name)
            ? new NoteSigner(name, type, RandomNumberGenerator.GetBytes(NoteKey.Size))
            : throw new NoteException("the name of a key has no spaces, plus signs and control characters");
    }

    /// <summary>Reads a private key's text ("skey").</summary>
    /// <exception cref="NoteException">It is malformed, or its id is not that of its key. The message does not repeat the key.</exception>
    public static NoteSigner Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw new NoteException($"a private key begins with {Prefix}");
        }

        var (name, id, type, seed) = NoteKey.Parse(text[Prefix.Length..]);
        var signer = new NoteSigner(name, type, seed);
        return signer.Verifier.KeyId == id ? signer : throw new NoteException($"the id of private key {name} is not that of its bytes: the text is damaged");
    }

    /// <summary>Signs a note's text. The same text always gets the same signature (RFC 8032).</summary>
    /// <exception cref="InvalidOperationException">The key is for cosignatures.</exception>
    public NoteSignature Sign(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Require(SignatureType.Ed25519);
        return Signature(SignBytes(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Cosigns a checkpoint's text: says that at this time it was the largest one seen of its log.</summary>
    /// <exception cref="InvalidOperationException">The key is not for cosignatures.</exception>
    public NoteSignature Cosign(string text, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(text);
        Require(SignatureType.CosignatureV1);
        var stamp = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(stamp, (ulong)time.ToUnixTimeSeconds());
        return Signature([.. stamp, .. SignBytes(Cosignature.Message(text, time))]);
    }

    /// <summary>The private key's text: keep it secret.</summary>
    internal string ToPrivateText() => Prefix + NoteKey.Format(Verifier.Name, Verifier.KeyId, Verifier.Type, _seed);

    /// <summary>A bare Ed25519 signature, for formats that bind the message's kind themselves (DSSE).</summary>
    internal byte[] SignBytes(byte[] message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed, 0, message, 0, message.Length, signature, 0);
        return signature;
    }

    private NoteSignature Signature(byte[] bytes) => new(Verifier.Name, Verifier.KeyId, bytes);

    private void Require(SignatureType type)
    {
        if (Verifier.Type != type)
        {
            throw new InvalidOperationException($"key {Verifier.Name} makes signatures of type {Verifier.Type}, not {type}");
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Compliance.Audit.Notes;

/// <summary>What the texts of private and public keys have in common: <c>name+id+base64(type || key)</c> (C2SP signed-note).</summary>
internal static class NoteKey
{
    /// <summary>Bytes of a public key, and of the seed that a private one is.</summary>
    public const int Size = 32;

    /// <summary>First four bytes of SHA-256(name || newline || type || public key), big-endian.</summary>
    public static uint IdOf(string name, SignatureType type, ReadOnlySpan<byte> publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)type, .. publicKey]));

    /// <summary>True for a name that can stand in a signature line: not empty, without spaces, plus signs and control characters.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && IsWellFormed(name) && !name.Any(static letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '+');

    /// <summary>Takes a key's text apart.</summary>
    /// <exception cref="NoteException">It is malformed.</exception>
    public static (string Name, uint Id, SignatureType Type, byte[] Key) Parse(string text)
    {
        var parts = text.Split('+', 3); // base64 may contain plus signs
        if (parts.Length != 3 || !IsName(parts[0]) || parts[1].Length != 8 || !parts[1].All(char.IsAsciiHexDigitLower))
        {
            throw new NoteException("a key reads name+id+base64, with an id of 8 lower-case hexadecimal digits");
        }

        var bytes = StrictBase64.Decode(parts[2]);
        if (bytes is not { Length: Size + 1 } || bytes[0] is not ((byte)SignatureType.Ed25519 or (byte)SignatureType.CosignatureV1))
        {
            throw new NoteException("a key is a type (Ed25519, 0x01, or cosignature v1, 0x04) and 32 bytes, in base64");
        }

        return (parts[0], uint.Parse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), (SignatureType)bytes[0], bytes[1..]);
    }

    /// <summary>Puts a key's text together.</summary>
    public static string Format(string name, uint id, SignatureType type, ReadOnlySpan<byte> key) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}+{id:x8}+{Convert.ToBase64String([(byte)type, .. key])}");

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i += char.IsSurrogate(text[i]) ? 2 : 1)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])))
            {
                return false;
            }
        }

        return true;
    }
}

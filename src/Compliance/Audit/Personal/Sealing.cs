using System.Security.Cryptography;

namespace Compliance.Audit.Personal;

/// <summary>AES-256-GCM: nonce, tag and ciphertext one after the other, bound to what they belong to.</summary>
internal static class Sealing
{
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> belongsTo)
    {
        var result = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(result.AsSpan(0, NonceBytes), plain, result.AsSpan(NonceBytes + TagBytes), result.AsSpan(NonceBytes, TagBytes), belongsTo);
        return result;
    }

    /// <exception cref="CryptographicException">It was sealed under another key, for something else, or changed since.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> belongsTo)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("it is too short to be sealed");
        }

        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(sealedBytes[..NonceBytes], sealedBytes[(NonceBytes + TagBytes)..], sealedBytes.Slice(NonceBytes, TagBytes), plain, belongsTo);
        return plain;
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Compliance.Audit.Personal;

/// <summary>
/// A commitment to a personal datum: HMAC-SHA-256 under a random salt. The salt is kept with the datum and erased with it; without it nobody can
/// try out values against the digest, which stays in the log for good.
/// </summary>
public sealed record PersonalCommitment
{
    private const int SaltBytes = 32;

    /// <summary>The datum.</summary>
    public required PersonalDatum Datum { get; init; }

    /// <summary>Key of the digest: 32 random bytes.</summary>
    public required byte[] Salt { get; init; }

    /// <summary>What the entry holds.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>Commits to a datum under a new salt.</summary>
    public static PersonalCommitment To(PersonalDatum datum)
    {
        ArgumentNullException.ThrowIfNull(datum);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PersonalCommitment { Datum = datum, Salt = salt, Digest = DigestOf(datum, salt) };
    }

    /// <summary>True when the digest is one of this datum under this salt.</summary>
    public static bool Fits(ReadOnlySpan<byte> digest, PersonalDatum datum, byte[] salt) => CryptographicOperations.FixedTimeEquals(digest, DigestOf(datum, salt));

    /// <summary>Subject, field and value with their lengths before them, so that no two data have the same input.</summary>
    private static byte[] DigestOf(PersonalDatum datum, byte[] salt)
    {
        using var input = new MemoryStream();
        using (var writer = new BinaryWriter(input, Encoding.UTF8))
        {
            writer.Write(datum.Subject);
            writer.Write(datum.Field);
            writer.Write(datum.Value);
        }

        return HMACSHA256.HashData(salt, input.ToArray());
    }
}

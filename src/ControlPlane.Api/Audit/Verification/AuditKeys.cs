using System.Security.Cryptography;
using Compliance.Audit.Notes;

namespace ControlPlane.Api.Audit.Verification;

/// <summary>The public keys that checkpoints are checked with.</summary>
/// <param name="Log">Key of the log.</param>
/// <param name="Witnesses">Keys of the witnesses that are asked to cosign.</param>
public sealed record AuditKeys(NoteVerifier Log, IReadOnlyList<NoteVerifier> Witnesses)
{
    /// <summary>
    /// Fingerprint of the log's key: SHA-256 of its 32 bytes, in hexadecimal. An auditor compares it with what the company gave him by another way.
    /// </summary>
    public string Fingerprint => FingerprintOf(Log);

    /// <summary>Fingerprint of a key.</summary>
    public static string FingerprintOf(NoteVerifier key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.PublicKey));
    }
}

using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>
/// Opaque ids for people whom only another system knows: lasting, so that what one person did stays together, and by a key (HMAC-SHA-256), so
/// that nobody finds the person by trying names.
/// </summary>
/// <param name="key">The key, of 32 bytes; the same in all processes and for as long as the log is kept.</param>
internal sealed class Pseudonyms(Func<CancellationToken, ValueTask<byte[]>> key)
{
    private const int Bytes = 12;

    /// <summary>The id of a person.</summary>
    /// <param name="realm">The system that knows the name.</param>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<string> OfAsync(string realm, string name, CancellationToken cancellationToken) =>
        $"{realm}:{Convert.ToHexStringLower(HMACSHA256.HashData(await key(cancellationToken), Encoding.UTF8.GetBytes($"{realm}\n{name}")).AsSpan(0, Bytes))}";
}

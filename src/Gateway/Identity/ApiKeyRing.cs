using System.Security.Cryptography;
using System.Text;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;

namespace Gateway.Identity;

/// <summary>
/// The keys of a Secret, as hashes. A key that is shown is compared with every one of them, in a time that depends on their number alone: how long it takes
/// tells nobody how near a guess is, or whose.
/// </summary>
internal sealed class ApiKeyRing
{
    /// <summary>Longest key, in characters.</summary>
    public const int LongestKey = 1024;

    private readonly (string Client, byte[] Hash)[] _keys;

    /// <param name="keys">Clients and their keys.</param>
    public ApiKeyRing(IEnumerable<KeyValuePair<string, byte[]>> keys) =>
        _keys = [.. keys.Where(static key => key.Value.Length > 0).Select(static key => (key.Key, SHA256.HashData(key.Value)))];

    /// <summary>Reads a Secret.</summary>
    /// <exception cref="FormatException">There is no such Secret, or it holds no key.</exception>
    public static async Task<ApiKeyRing> ReadAsync(KubeApi api, ObjectKey secret, CancellationToken cancellationToken)
    {
        var found = await api.FindAsync<KeySecret>(GatewayApi.Secrets, secret, cancellationToken) ?? throw new FormatException($"there is no Secret {secret}");
        var ring = new ApiKeyRing(found.Data.Select(static entry => KeyValuePair.Create(entry.Key, Trimmed(Convert.FromBase64String(entry.Value)))));
        return ring._keys.Length > 0 ? ring : throw new FormatException($"Secret {secret} holds no key");
    }

    /// <summary>Whose key it is; null for nobody's.</summary>
    public string? ClientOf(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key.Length <= LongestKey ? key : ""));
        string? found = null;
        foreach (var (client, known) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
            {
                found = client;
            }
        }

        return found;
    }

    /// <summary>Files end with a line feed that is nobody's key.</summary>
    private static byte[] Trimmed(byte[] value) => value.AsSpan().TrimEnd("\r\n"u8).ToArray();
}

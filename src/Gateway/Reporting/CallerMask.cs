using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Kubernetes.Resources.Traffic;
using Gateway.Policies;

namespace Gateway.Reporting;

/// <summary>
/// Names callers so that people can tell them apart, and follow one, without learning who they are: addresses, header values and claims are
/// personal data. The mark is a keyed hash whose key never leaves the process and dies with it, so that it can't be found by trying all addresses.
/// </summary>
internal sealed class CallerMask
{
    private const int MarkBytes = 4;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The name of a caller of a limit.</summary>
    public string Of(RateLimit limit, string caller) => limit.By switch
    {
        RateLimitKey.All => "everyone",
        RateLimitKey.Address => $"{Network(caller)} {Mark(caller)}",
        _ when caller.Length == 0 => "callers without it",
        _ => Mark(caller),
    };

    private static string Network(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return "";
        }

        var bytes = parsed.GetAddressBytes();
        return parsed.AddressFamily == AddressFamily.InterNetwork
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.x.x")
            : $"{Convert.ToHexStringLower(bytes, 0, 2)}:{Convert.ToHexStringLower(bytes, 2, 2)}:x";
    }

    private string Mark(string caller) => $"#{Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(caller)), 0, MarkBytes)}";
}

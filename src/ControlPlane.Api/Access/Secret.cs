using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Api.Access;

/// <summary>Random secrets, and what is stored of them.</summary>
internal static class Secret
{
    /// <summary>256 bits, in letters that a URL and a cookie take.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>An id: nothing can be told from it, and it opens nothing.</summary>
    public static string NewId(string prefix) => $"{prefix}_{Guid.CreateVersion7():N}";

    /// <summary>What is stored. A plain hash is enough: nobody guesses 256 random bits, so nothing is gained by making it slow.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}

using System.Globalization;
using System.Text;

namespace Compliance.Audit.Notes;

/// <summary>What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message").</summary>
internal static class Cosignature
{
    /// <summary>Two header lines and the whole text of the checkpoint.</summary>
    public static byte[] Message(string text, DateTimeOffset time) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time.ToUnixTimeSeconds()}\n{text}"));
}

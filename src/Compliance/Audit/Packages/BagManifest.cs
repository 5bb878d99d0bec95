using System.Text;

namespace Compliance.Audit.Packages;

/// <summary>Names and hashes of the files of a bag (RFC 8493 section 2.1.3), in ordinal order.</summary>
internal static class BagManifest
{
    private const int HashLength = 64;

    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> hashes) => Encoding.UTF8.GetBytes(
        string.Concat(hashes.OrderBy(static file => file.Key, StringComparer.Ordinal).Select(static file => $"{file.Value}  {file.Key}\n")));

    /// <exception cref="FormatException">It is malformed, or names a file twice or one outside the bag.</exception>
    public static Dictionary<string, string> Read(byte[] manifest)
    {
        Dictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(manifest).Split('\n')[..^1])
        {
            var (hash, path) = line.Length > HashLength + 2 ? (line[..HashLength], line[(HashLength + 2)..]) : ("", "");
            if (!hash.All(char.IsAsciiHexDigitLower) || path.Length == 0 || line[HashLength..(HashLength + 2)] != "  " || !IsInside(path) || !hashes.TryAdd(path, hash))
            {
                throw new FormatException($"a manifest has lines of hash, two spaces and a path inside the package, each path once; not: {line}");
            }
        }

        return manifest.Length > 0 && manifest[^1] == '\n' ? hashes : throw new FormatException("a manifest ends with a newline");
    }

    private static bool IsInside(string path) =>
        !path.StartsWith('/') && !path.Contains('\\', StringComparison.Ordinal) && !path.Contains(':', StringComparison.Ordinal) && !path.Split('/').Contains("..");
}

using System.Globalization;
using System.Text;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>The package is a whole bag: every file is named, nothing more is there, and each has its hash (RFC 8493 section 3).</summary>
internal static class BagCheck
{
    private const string Check = "files";
    private const int LongestManifest = 1 << 20;

    public static async Task RunAsync(PackageFiles files, Findings findings, CancellationToken cancellationToken)
    {
        var failures = findings.All.Count;
        var payload = BagManifest.Read(await RequireAsync(files, PackageLayout.Manifest, cancellationToken));
        var tags = BagManifest.Read(await RequireAsync(files, PackageLayout.TagManifest, cancellationToken));
        var isDeclared = (await RequireAsync(files, PackageLayout.Declaration, cancellationToken)).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(PackageLayout.DeclarationText));
        if (!isDeclared)
        {
            findings.Fail(Check, $"{PackageLayout.Declaration} does not declare a bag of version 1.0");
        }

        foreach (var stray in files.Paths.Where(path => path != PackageLayout.TagManifest && !payload.ContainsKey(path) && !tags.ContainsKey(path)).Order(StringComparer.Ordinal))
        {
            findings.Fail(Check, $"{stray} is in no manifest");
        }

        var bytes = 0L;
        foreach (var (path, hash) in payload.Concat(tags).OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            bytes += await CompareAsync(files, path, hash, payload.ContainsKey(path), findings, cancellationToken);
        }

        var oxum = string.Create(CultureInfo.InvariantCulture, $"Payload-Oxum: {bytes}.{payload.Count}\n");
        if (!Encoding.UTF8.GetString(await RequireAsync(files, PackageLayout.Info, cancellationToken)).Contains(oxum, StringComparison.Ordinal))
        {
            findings.Fail(Check, $"{PackageLayout.Info} does not say {oxum.TrimEnd()}");
        }

        if (findings.All.Count == failures)
        {
            findings.Pass(Check, $"{payload.Count + tags.Count} files have the SHA-256 that the manifests name; none is missing, none is too many");
        }
    }

    /// <summary>Bytes of the file, if it counts as payload.</summary>
    private static async Task<long> CompareAsync(PackageFiles files, string path, string hash, bool isPayload, Findings findings, CancellationToken cancellationToken)
    {
        await using var file = files.TryOpen(path);
        if (file is null)
        {
            findings.Fail(Check, $"{path} is missing");
            return 0;
        }

        await using var counted = new CountingStream(file);
        var actual = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(counted, cancellationToken));
        if (actual != hash)
        {
            findings.Fail(Check, $"{path} has SHA-256 {actual}, the manifest names {hash}");
        }

        return isPayload ? counted.Count : 0;
    }

    private static async Task<byte[]> RequireAsync(PackageFiles files, string path, CancellationToken cancellationToken) =>
        await files.ReadAsync(path, LongestManifest, cancellationToken) ?? throw new FormatException($"{path} is missing");
}

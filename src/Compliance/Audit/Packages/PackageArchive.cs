using System.IO.Compression;

namespace Compliance.Audit.Packages;

/// <summary>Puts a package into one zip file: same package, same bytes.</summary>
public static class PackageArchive
{
    /// <summary>The earliest time that a zip file can name; when a file was written must not change the bytes.</summary>
    internal static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes it: files in ordinal order, not compressed, so that they do not depend on a compressor's version.</summary>
    public static async Task WriteAsync(string folder, Stream archive, CancellationToken cancellationToken)
    {
        using var files = new PackageFolder(folder);
        using var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var path in files.Paths.Order(StringComparer.Ordinal))
        {
            var entry = zip.CreateEntry(path, CompressionLevel.NoCompression);
            entry.LastWriteTime = NoTime;
            entry.ExternalAttributes = 0;
            await using var target = await entry.OpenAsync(cancellationToken);
            await using var source = files.TryOpen(path)!;
            await source.CopyToAsync(target, cancellationToken);
        }
    }
}

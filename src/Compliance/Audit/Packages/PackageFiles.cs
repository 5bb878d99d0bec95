using System.IO.Compression;

namespace Compliance.Audit.Packages;

/// <summary>The files of a package, wherever they are.</summary>
public abstract class PackageFiles : IDisposable
{
    /// <summary>Opens a folder or a zip file.</summary>
    /// <exception cref="IOException">There is none.</exception>
    /// <exception cref="FormatException">It is neither.</exception>
    public static PackageFiles Open(string path) => Directory.Exists(path) ? new PackageFolder(path) : new PackageZip(path);

    /// <summary>Paths of all files, with slashes.</summary>
    public abstract IReadOnlyCollection<string> Paths { get; }

    /// <summary>Opens a file; null when it is not there.</summary>
    public abstract Stream? TryOpen(string path);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a small file whole; null when it is not there.</summary>
    /// <exception cref="FormatException">It is too large for what it should be.</exception>
    internal async Task<byte[]?> ReadAsync(string path, int longest, CancellationToken cancellationToken)
    {
        await using var file = TryOpen(path);
        if (file is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int count; (count = await file.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > longest)
            {
                throw new FormatException($"{path} is longer than {longest} bytes");
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Lets go of the package.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A package as a folder.</summary>
internal sealed class PackageFolder(string folder) : PackageFiles
{
    public override IReadOnlyCollection<string> Paths =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))];

    public override Stream? TryOpen(string path) => File.Exists(PackageFile.At(folder, path))
        ? new FileStream(PackageFile.At(folder, path), new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 1 << 17 })
        : null;
}

/// <summary>A package as a zip file; nothing is unpacked.</summary>
internal sealed class PackageZip : PackageFiles
{
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;

    public PackageZip(string path)
    {
        try
        {
            _zip = ZipFile.OpenRead(path);
            _entries = _zip.Entries.ToDictionary(static entry => entry.FullName, StringComparer.Ordinal);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or ArgumentException)
        {
            throw new FormatException($"{path} is neither a folder nor a zip file in which each name stands once", malformed);
        }
    }

    public override IReadOnlyCollection<string> Paths => _entries.Keys;

    public override Stream? TryOpen(string path) => _entries.GetValueOrDefault(path)?.Open();

    protected override void Dispose(bool disposing)
    {
        _zip.Dispose();
        base.Dispose(disposing);
    }
}

namespace Compliance.Audit.Packages;

/// <summary>Writes files of a package whole or not at all: a package that was broken off is taken up where a file ended.</summary>
internal static class PackageFile
{
    private const string Unfinished = ".part";

    public static string At(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    public static bool Exists(string folder, string path) => File.Exists(At(folder, path));

    public static Task WriteAsync(string folder, string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WriteAsync(folder, path, file => file.WriteAsync(bytes, cancellationToken).AsTask(), cancellationToken);

    public static async Task WriteAsync(string folder, string path, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var final = At(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(final)!);
        await using (var file = Create(final))
        {
            await write(file);
            await file.FlushAsync(cancellationToken);
            file.Flush(flushToDisk: true);
        }

        Finish(final);
    }

    /// <summary>A file that is under its name only when <see cref="Finish"/> said so.</summary>
    public static FileStream Create(string final) =>
        new(final + Unfinished, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, BufferSize = 1 << 17, Options = FileOptions.Asynchronous });

    public static void Finish(string final) => File.Move(final + Unfinished, final, overwrite: true);
}

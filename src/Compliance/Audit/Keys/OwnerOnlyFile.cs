namespace Compliance.Audit.Keys;

/// <summary>
/// Makes files that hold a secret: readable by their owner alone from their first byte on, whole or not at all, and never over another. Of processes that
/// make the same file at once one succeeds, and the others find its file.
/// </summary>
internal static class OwnerOnlyFile
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="IOException">There is one already.</exception>
    public static void Create(string path, ReadOnlySpan<byte> bytes)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            Write(unfinished, bytes);
            File.Move(unfinished, path, overwrite: false);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        using var file = new FileStream(path, options);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}

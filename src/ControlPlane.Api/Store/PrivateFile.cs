namespace ControlPlane.Api.Store;

/// <summary>Makes files that nobody but their owner can read.</summary>
internal static class PrivateFile
{
    /// <summary>Makes a file of mode 600; there must be none of that name, whose mode it would keep.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}

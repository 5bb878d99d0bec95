namespace ControlPlane.Api.Tests.Testing;

/// <summary>Who may read a file.</summary>
internal static class FileModes
{
    /// <summary>Fails unless the file is its owner's alone; Windows has no such modes.</summary>
    public static void AssertPrivate(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }
}

namespace LocalCluster.Tests.Testing;

/// <summary>Files of the repository that tests read.</summary>
internal static class RepositoryFiles
{
    private static readonly string Root = FindRoot();

    /// <summary>Path of a file or folder.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ControlPlane.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("ControlPlane.sln is in no folder above the tests");
        }

        return folder;
    }
}

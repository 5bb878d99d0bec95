namespace LocalCluster.Tests;

/// <summary>Finds files of the repository that tests read.</summary>
internal static class RepositoryFiles
{
    private static readonly string Root = FindRoot();

    /// <summary>The full path of a file.</summary>
    public static string Path(params string[] path) => System.IO.Path.Combine([Root, .. path]);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "ControlPlane.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("ControlPlane.sln is in no folder above the tests");
        }

        return folder;
    }
}

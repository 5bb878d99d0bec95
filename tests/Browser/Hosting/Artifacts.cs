namespace Browser.Hosting;

/// <summary>What is kept for whoever looks into a failure: artifacts/browser.</summary>
internal static class Artifacts
{
    /// <summary>Path of a file there.</summary>
    public static string PathOf(string file) =>
        Path.Combine(Directory.CreateDirectory(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "browser"))).FullName, file);
}

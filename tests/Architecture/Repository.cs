using System.Runtime.CompilerServices;

namespace Architecture;

/// <summary>Finds files of the repository that the tests are built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

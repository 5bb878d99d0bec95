using System.Runtime.CompilerServices;

namespace Gateway.Tests.Testing;

/// <summary>Golden files: what a planner made when somebody last looked at it and found it right. One folder a case.</summary>
/// <param name="folder">Path of the cases inside of this project.</param>
internal sealed class Golden(string folder)
{
    private const string Regenerate = "DABBAWALA_UPDATE_GOLDEN";

    private readonly string _built = Path.Combine(AppContext.BaseDirectory, folder);

    public IEnumerable<string> Cases => Directory.EnumerateDirectories(_built).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public string Input(string name, string file) => File.ReadAllText(Path.Combine(_built, name, file));

    /// <summary>Holds a text against a file of a case. With DABBAWALA_UPDATE_GOLDEN=1 the file is written instead: read the diff before you commit it.</summary>
    public void Holds(string name, string file, string actual)
    {
        if (Environment.GetEnvironmentVariable(Regenerate) == "1")
        {
            File.WriteAllText(Path.Combine(Project(), folder, name, file), actual);
            return;
        }

        var path = Path.Combine(_built, name, file);
        Assert.True(File.Exists(path), $"there is no {path}; run with {Regenerate}=1 to write it");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Project([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(Path.GetDirectoryName(thisFile))!;
}

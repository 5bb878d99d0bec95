using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace Fleet.Tests.Manifests;

/// <summary>
/// Reads <c>manifests/fleet</c> as strictly as an API server would: a field that the resource's type does not know is an error.
/// </summary>
internal static class FleetManifests
{
    /// <summary>Takes no field that it does not know.</summary>
    public static JsonSerializerOptions Strict { get; } = new(KubeJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static string Folder { get; } = Path.Combine(RepositoryRoot(), "manifests", "fleet");

    public static IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<ManagedService> Services =>
        [.. Files.SelectMany(ReadAll).Where(m => m.Kind == "ManagedService").Select(m => m.Json.Deserialize<ManagedService>(Strict)!)];

    /// <summary>The one document of a file.</summary>
    public static ManifestDocument Read(string file) => Assert.Single(ReadAll(file));

    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<ManifestDocument> ReadAll(string file) => [.. ManifestReader.Read(File.ReadAllText(Path.Combine(Folder, file)), file)];

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ControlPlane.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds ControlPlane.sln.");
        }

        return folder;
    }
}

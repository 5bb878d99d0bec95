using System.Xml.Linq;

namespace Architecture;

public sealed class ProjectReferenceTests
{
    /// <summary>Who may know whom (docs/architecture.md); a project that is not named may know nobody.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ControlPlane.Web"] = ["ControlPlane.Api", "LocalCluster"],
        ["ControlPlane.Api"] = ["Operators", "Compliance"],
        ["Operators"] = ["ControlPlane.Kubernetes"],
        ["Gateway"] = ["ControlPlane.Kubernetes"],
        ["LocalCluster"] = ["ControlPlane.Kubernetes", "Gateway", "Fleet"],
    };

    public static TheoryData<string> Projects() =>
        [.. ((string[])["src", "samples"]).SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_whom_it_may(string project)
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, project))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(Allowed.GetValueOrDefault(Path.GetFileNameWithoutExtension(project), [])));
    }

    [Fact]
    public void The_embedded_cluster_is_known_to_the_composition_root_alone()
    {
        var users = Directory.GetFiles(Path.Combine(Repository.Root, "src", "ControlPlane.Web"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "src", "ControlPlane.Web"), "*.razor", SearchOption.AllDirectories))
            .Where(path => File.ReadAllText(path).Contains("using LocalCluster", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(Path.GetDirectoryName(path)));

        Assert.All(users, folder => Assert.Equal("Startup", folder));
    }
}

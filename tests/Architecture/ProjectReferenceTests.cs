using System.Xml.Linq;

namespace Architecture;

public sealed class ProjectReferenceTests
{
    /// <summary>Who may know whom (docs/architecture.md); a project that is not named may know nobody.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ControlPlane.Web"] = ["ControlPlane.Api", "LocalCluster"],
        ["ControlPlane.Api"] = ["Operators", "Compliance"],
        ["Witness"] = ["Compliance"],
        ["Verifier"] = ["Compliance"],
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

    /// <summary>An auditor's tool that could reach a network or a database would have to be trusted not to.</summary>
    [Theory]
    [InlineData("Compliance")]
    [InlineData("Verifier")]
    public void What_an_auditor_runs_needs_neither_web_nor_Kubernetes_nor_a_database(string project)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"));
        string[] allowed = ["BouncyCastle.Cryptography", "DocumentFormat.OpenXml", "System.CommandLine", "YamlDotNet"];

        Assert.Equal("Microsoft.NET.Sdk", file.Root!.Attribute("Sdk")!.Value);
        Assert.Empty(file.Descendants("FrameworkReference"));
        Assert.Empty(file.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value).Except(allowed));
        Assert.DoesNotContain(
            Directory.GetFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories),
            path => File.ReadAllText(path).Contains("using System.Net", StringComparison.Ordinal));
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

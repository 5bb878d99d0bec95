using System.Diagnostics.Metrics;
using System.Text;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Startup;
using LocalCluster;

namespace ControlPlane.Web.Tests.Startup;

/// <summary>When a later start of the embedded cluster may leave its kinds alone.</summary>
public sealed class InstalledKindsTests : IAsyncLifetime
{
    private const string Manifest = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: boxes.lunch.example}
        spec:
          group: lunch.example
          scope: Namespaced
          names: {plural: boxes, singular: box, kind: Box, listKind: BoxList}
          versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
        """;

    private static readonly ResourceType Definitions = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);
    private static readonly ObjectKey Boxes = new("", "boxes.lunch.example");

    private readonly Meter _meter = new("tests");
    private readonly string _folder = Directory.CreateTempSubdirectory("dabbawala-kinds-").FullName;
    private LocalClusterServer? _server;
    private KubeConnection? _connection;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private KubeApi Api => new(_connection!);

    private string File => Path.Combine(_folder, "box.yaml");

    private string Mark => Path.Combine(_folder, "installed");

    public async ValueTask InitializeAsync()
    {
        _server = await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 });
        _connection = KubeConnection.Anonymous(_server.Address, new RuntimeMetrics(_meter));
        await System.IO.File.WriteAllTextAsync(File, Manifest, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        await _server!.DisposeAsync();
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Kinds_that_were_installed_from_the_same_files_and_are_still_served_need_no_installation()
    {
        Assert.False(await AreServedAsync());
        await InstallAsync();
        Assert.True(await AreServedAsync());
    }

    [Fact]
    public async Task A_file_that_changed_is_installed_again()
    {
        await InstallAsync();
        await System.IO.File.AppendAllTextAsync(File, "# newer", Cancel);
        Assert.False(await AreServedAsync());
    }

    [Fact]
    public async Task A_cluster_that_no_longer_serves_them_has_them_installed_again()
    {
        await InstallAsync();
        await using var other = await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 }, cancellationToken: Cancel);
        using var connection = KubeConnection.Anonymous(other.Address, new RuntimeMetrics(_meter));
        Assert.False(await new InstalledKinds(new KubeApi(connection), [File], Mark).AreServedAsync(Cancel));
    }

    [Fact]
    public async Task A_note_that_was_cut_short_counts_for_nothing()
    {
        await InstallAsync();
        var whole = await System.IO.File.ReadAllTextAsync(Mark, Cancel);
        await System.IO.File.WriteAllTextAsync(Mark, whole[..^2], Cancel);
        Assert.False(await AreServedAsync());
    }

    private InstalledKinds Kinds() => new(Api, [File], Mark);

    private Task<bool> AreServedAsync() => Kinds().AreServedAsync(Cancel);

    private async Task InstallAsync()
    {
        var documents = ManifestReader.Read(Manifest, "box.yaml").ToList();
        await Api.ApplyAsync(Definitions, Boxes, Encoding.UTF8.GetBytes(Manifest), new WriteOptions { FieldManager = "test" }, Cancel);
        await Kinds().KeepAsync(documents, Cancel);
    }
}

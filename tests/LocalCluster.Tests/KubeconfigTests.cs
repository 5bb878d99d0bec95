using k8s;

namespace LocalCluster.Tests;

public sealed class KubeconfigTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("local-cluster-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task A_client_finds_the_cluster_by_the_file_alone()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var server = await LocalClusterServer.StartAsync(
            new LocalClusterOptions { DataDirectory = _data.FullName, Port = 0 }, cancellationToken: cancelled);
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Path.Combine(_data.FullName, "kubeconfig")));

        var namespaces = await client.CoreV1.ListNamespaceAsync(cancellationToken: cancelled);

        Assert.Contains(namespaces.Items, item => item.Metadata.Name == "default");
    }
}

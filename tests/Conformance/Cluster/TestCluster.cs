using Conformance.Cluster;
using k8s;
using LocalCluster;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace Conformance.Cluster;

/// <summary>
/// The cluster that the suite holds to the contract: a LocalCluster in memory, or the one that <c>DABBAWALA_TEST_KUBECONFIG</c> names. It
/// serves one custom kind, <c>Widget</c>, in a group of its own, which is removed at the end.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    private LocalClusterServer? _embedded;
    private Kubernetes? _client;

    /// <summary>Requests to its API.</summary>
    internal ApiClient Api { get; private set; } = null!;

    /// <summary>The kind that tests make objects of. Its group is of this run alone.</summary>
    internal CustomKind Widgets { get; } = CustomKind.OfThisRun("Widget", "widgets");

    public async ValueTask InitializeAsync()
    {
        _client = new Kubernetes(await ConfigureAsync());
        Api = new ApiClient(_client);
        await Api.InstallAsync(Widgets, WidgetDefinition.Versions);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await Api.Definitions.DeleteAsync(Widgets.DefinitionName);
            _client.Dispose();
        }

        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private async Task<KubernetesClientConfiguration> ConfigureAsync()
    {
        if (Environment.GetEnvironmentVariable("DABBAWALA_TEST_KUBECONFIG") is { Length: > 0 } kubeconfig)
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        }

        _embedded = await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 });
        return new KubernetesClientConfiguration { Host = _embedded.Address.ToString() };
    }
}

using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace LocalCluster.Tests;

public sealed class LocalClusterServerTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("localcluster-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_port_in_use_is_told_and_nothing_lost()
    {
        await using var first = await StartAsync(new() { Port = 0 });

        var error = await Assert.ThrowsAsync<LocalClusterException>(() => StartAsync(new() { DataDirectory = _directory.FullName, Port = first.Address.Port }));

        Assert.Contains($"port {first.Address.Port} is in use", error.Message);
        await using var second = await StartAsync(new() { DataDirectory = _directory.FullName, Port = 0 });
    }

    [Fact]
    public async Task A_damaged_state_file_is_told_and_left_as_it_is()
    {
        var file = Path.Combine(_directory.FullName, "cluster.db");
        await File.WriteAllTextAsync(file, "no database", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<LocalClusterException>(() => StartAsync(new() { DataDirectory = _directory.FullName, Port = 0 }));

        Assert.Contains(file, error.Message);
        Assert.Equal("no database", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart_at_the_address_in_the_kubeconfig()
    {
        JsonNode written;
        await using (var server = await StartAsync(new() { DataDirectory = _directory.FullName, Port = 0 }))
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            using var body = new StringContent("""{"metadata": {"name": "kept"}, "data": {"key": "value"}}""", Encoding.UTF8, "application/json");
            written = (await (await client.PostAsync("api/v1/namespaces/default/configmaps", body, TestContext.Current.CancellationToken))
                .Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        }

        await using var again = await StartAsync(new() { DataDirectory = _directory.FullName, Port = 0 });
        using var kubernetes = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Path.Combine(_directory.FullName, "kubeconfig")));
        Assert.Equal(again.Address, kubernetes.BaseUri);
        var kept = await kubernetes.CoreV1.ReadNamespacedConfigMapAsync("kept", "default", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(((string?)written["metadata"]!["uid"], (string?)written["metadata"]!["resourceVersion"]), (kept.Metadata.Uid, kept.Metadata.ResourceVersion));
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    public async Task What_a_browser_was_made_to_send_is_refused(string header, string value)
    {
        await using var server = await StartAsync(new() { Port = 0 });
        using var client = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/secrets");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static Task<LocalClusterServer> StartAsync(LocalClusterOptions options) =>
        LocalClusterServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
}

using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ControlPlane.Kubernetes.Client;

namespace LocalCluster.Tests.Auditing;

public sealed class RequestAuditTests
{
    private const string Services = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private readonly Channel<JsonObject> _told = Channel.CreateUnbounded<JsonObject>();

    [Fact]
    public async Task An_answered_write_is_told_as_an_API_server_tells_it()
    {
        await using var server = await StartAsync();
        using var kubectl = Client(server, "kubectl");

        await PostAsync(kubectl, "api/v1/namespaces?fieldManager=kubectl-create", """{"metadata": {"name": "recorded"}}""");

        var told = await ToldAsync();
        Assert.Equal(
            ("ResponseComplete", "create", "namespaces", "recorded", 201),
            ((string)told["stage"]!, (string)told["verb"]!, (string)told["objectRef"]!["resource"]!, (string)told["objectRef"]!["name"]!, (int)told["responseStatus"]!["code"]!));
        Assert.Equal("/api/v1/namespaces?fieldManager=kubectl-create", (string)told["requestURI"]!);
        Assert.NotEmpty((string)told["user"]!["username"]!);
    }

    [Fact]
    public async Task Reading_and_what_runs_in_the_process_are_not_told()
    {
        await using var server = await StartAsync();
        using var kubectl = Client(server, "kubectl");
        using var ours = Client(server, agent: null);

        await kubectl.GetAsync(Services, TestContext.Current.CancellationToken);
        await PostAsync(ours, "api/v1/namespaces", """{"metadata": {"name": "ours"}}""");

        await PostAsync(kubectl, "api/v1/namespaces", """{"metadata": {"name": "theirs"}}""");
        Assert.Equal("theirs", (string)(await ToldAsync())["objectRef"]!["name"]!);
    }

    [Fact]
    public async Task What_a_secret_holds_is_not_told()
    {
        await using var server = await StartAsync();
        using var kubectl = Client(server, "kubectl");

        await PostAsync(kubectl, "api/v1/namespaces/default/secrets", """{"metadata": {"name": "key"}, "stringData": {"password": "hunter2"}}""");

        Assert.Null((await ToldAsync())["responseObject"]);
    }

    /// <summary>What is told next: it is told after the answer was sent.</summary>
    private async Task<JsonObject> ToldAsync() => await _told.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private static HttpClient Client(LocalClusterServer server, string? agent)
    {
        var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(agent is null ? KubeConnection.UserAgent : $"{agent}/v1.36");

        return client;
    }

    private static async Task PostAsync(HttpClient client, string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private Task<LocalClusterServer> StartAsync() =>
        LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0, Audit = item => _told.Writer.TryWrite(item) }, cancellationToken: TestContext.Current.CancellationToken);
}

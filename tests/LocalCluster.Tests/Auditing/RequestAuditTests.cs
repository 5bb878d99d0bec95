using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace LocalCluster.Tests.Auditing;

public sealed class RequestAuditTests
{
    private const string Services = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private readonly ConcurrentQueue<JsonObject> _told = [];

    [Fact]
    public async Task An_answered_write_is_told_as_an_API_server_tells_it()
    {
        await using var server = await StartAsync();
        using var kubectl = Client(server, "kubectl");

        await PostAsync(kubectl, "api/v1/namespaces?fieldManager=kubectl-create", """{"metadata": {"name": "recorded"}}""");

        var told = Assert.Single(_told);
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
        using var nameless = Client(server, agent: null);

        await kubectl.GetAsync(Services, TestContext.Current.CancellationToken);
        await PostAsync(nameless, "api/v1/namespaces", """{"metadata": {"name": "ours"}}""");

        Assert.Empty(_told);
    }

    [Fact]
    public async Task What_a_secret_holds_is_not_told()
    {
        await using var server = await StartAsync();
        using var kubectl = Client(server, "kubectl");

        await PostAsync(kubectl, "api/v1/namespaces/default/secrets", """{"metadata": {"name": "key"}, "stringData": {"password": "hunter2"}}""");

        Assert.Null(Assert.Single(_told)["responseObject"]);
    }

    private static HttpClient Client(LocalClusterServer server, string? agent)
    {
        var client = new HttpClient { BaseAddress = server.Address };
        if (agent is not null)
        {
            client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(agent, "v1.36"));
        }

        return client;
    }

    private static async Task PostAsync(HttpClient client, string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private Task<LocalClusterServer> StartAsync() =>
        LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0, Audit = _told.Enqueue }, cancellationToken: TestContext.Current.CancellationToken);
}

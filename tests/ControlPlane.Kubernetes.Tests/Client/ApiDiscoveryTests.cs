using System.Net;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Client;

public sealed class ApiDiscoveryTests : IAsyncLifetime
{
    private const string Apps = """
        {"kind":"APIResourceList","groupVersion":"apps/v1","resources":[
          {"name":"deployments/scale","kind":"Scale","namespaced":true},
          {"name":"deployments","kind":"Deployment","namespaced":true,"verbs":["get"]},
          {"name":"deployments/status","kind":"Deployment","namespaced":true},
          {"name":"clusters","kind":"Cluster","namespaced":false}
        ]}
        """;

    private ScriptedApiServer _server = null!;
    private KubeConnection _connection = null!;
    private ApiDiscovery _discovery = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _connection = _server.Connect(new TestClock());
        _discovery = new(new KubeApi(_connection));
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_kind_is_found_where_its_group_is_served()
    {
        var finding = FindAsync("apps/v1", "Deployment");
        await AnswerAsync("/apis/apps/v1", Apps);

        Assert.Equal(new ResourceType("apps", "v1", "deployments", "Deployment"), await finding);
    }

    [Fact]
    public async Task The_core_group_has_a_place_of_its_own()
    {
        var finding = FindAsync("v1", "Node");
        await AnswerAsync("/api/v1", """{"resources":[{"name":"nodes","kind":"Node","namespaced":false}]}""");

        Assert.Equal(KnownResources.Nodes, await finding);
    }

    [Fact]
    public async Task What_was_found_is_kept_with_all_of_its_group()
    {
        var finding = FindAsync("apps/v1", "Deployment");
        await AnswerAsync("/apis/apps/v1", Apps);
        await finding;

        Assert.Equal(new ResourceType("apps", "v1", "clusters", "Cluster", Namespaced: false), await FindAsync("apps/v1", "Cluster"));
    }

    [Fact]
    public async Task What_was_not_found_is_asked_again()
    {
        var finding = FindAsync("apps/v1", "Deployment");
        await AnswerAsync("/apis/apps/v1", WidgetJson.Status(404, "NotFound"), 404);
        Assert.Null(await finding);
        finding = FindAsync("apps/v1", "Deployment");
        await AnswerAsync("/apis/apps/v1", Apps);

        Assert.NotNull(await finding);
    }

    [Theory]
    [InlineData("""{"resources":[]}""")]
    [InlineData("""{"resources":null}""")] // as Go writes an empty list
    [InlineData("{}")]
    [InlineData("""{"resources":[{"name":"deployments/scale","kind":"Scale"}]}""")]
    public async Task A_kind_that_its_group_does_not_list_is_not_served(string list)
    {
        var finding = FindAsync("apps/v1", "Scale");
        await AnswerAsync("/apis/apps/v1", list);

        Assert.Null(await finding);
    }

    [Fact]
    public async Task An_api_that_fails_is_not_an_api_that_does_not_serve()
    {
        var finding = FindAsync("apps/v1", "Deployment");
        await AnswerAsync("/apis/apps/v1", "", 503);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Assert.ThrowsAsync<KubeApiException>(() => finding)).StatusCode);
    }

    private Task<ResourceType?> FindAsync(string apiVersion, string kind) =>
        _discovery.FindAsync(apiVersion, kind, TestContext.Current.CancellationToken);

    private async Task AnswerAsync(string path, string body, int status = 200)
    {
        var request = await _server.NextAsync();
        Assert.Equal(path, request.Path);
        await request.AnswerAsync(body, status);
    }
}

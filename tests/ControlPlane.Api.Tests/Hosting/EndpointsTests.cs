using System.Net;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Hosting;

public sealed class EndpointsTests(RunningControlPlane running)
{
    [Fact]
    public async Task The_API_describes_itself_in_OpenAPI_3_1()
    {
        var description = (await running.GetAsync("/openapi/v1.json")).Ok();

        Assert.StartsWith("3.1.", (string)description["openapi"]!, StringComparison.Ordinal);
        string[] paths = ["/api/v1/services", "/api/v1/services/{namespace}/{name}/instances", "/api/v1/plans", "/api/v1/manifests", "/api/v1/onboarding/proposals", "/api/v1/activity"];
        Assert.Empty(paths.Except(description["paths"]!.AsObject().Select(path => path.Key)));
        Assert.All(
            description["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()), operation => Assert.NotEmpty((string?)operation.Value!["summary"] ?? ""));
    }

    [Fact]
    public async Task No_answer_is_a_bare_array_as_it_could_not_be_paged_without_breaking_who_reads_it()
    {
        var description = (await running.GetAsync("/openapi/v1.json")).Ok();

        Assert.Empty(
            from path in description["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            from answer in operation.Value!["responses"]!.AsObject()
            from content in answer.Value!["content"]?.AsObject() ?? []
            where (string?)content.Value!["schema"]?["type"] == "array"
            select $"{operation.Key} {path.Key}");
    }

    [Fact]
    public async Task A_page_shows_the_API() => Assert.Equal((HttpStatusCode.OK, "text/html"), await StatusAsync("/docs/"));

    [Fact]
    public async Task The_process_is_alive_and_ready_once_its_caches_are_filled()
    {
        await Task.WhenAll(running.Caches.All.Select(informer => informer.Synced)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, (await running.GetAsync("/healthz/live")).Status);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await running.GetAsync("/healthz/ready") is var ready ? (ready.Status, ready.Text) : default);
    }

    [Fact]
    public async Task Metrics_go_by_the_names_that_dashboards_know()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "measured"));
        await running.Caches.SettledAsync(new(ns, "measured"));

        var metrics = (await running.GetAsync("/metrics")).Text;

        Assert.Contains("controller_runtime_reconcile_total", metrics, StringComparison.Ordinal);
        Assert.Contains("workqueue_depth", metrics, StringComparison.Ordinal);
        Assert.Contains("rest_client_requests_total", metrics, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode, string?)> StatusAsync(string path) => await running.GetAsync(path) is var answer ? (answer.Status, answer.MediaType) : default;
}

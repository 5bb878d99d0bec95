using System.Net;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Fleet;

public sealed class ServiceTests(RunningControlPlane running)
{
    [Fact]
    public async Task A_service_is_told_with_its_declaration_status_and_neighbours()
    {
        var ns = await DeclareChainAsync();
        var service = await running.DeclaredAsync(new(ns, "order"), item => item.Status?.Conditions.Count > 0);

        var answer = await running.GetAsync($"/api/v1/services/{ns}/order");

        Assert.Equal("orders", (string)answer.Ok()["spec"]!["owner"]!["team"]!);
        Assert.Equal("payment", (string)answer.Json["dependencies"]![0]!["name"]!);
        Assert.Equal("cart", (string)answer.Json["callers"]![0]!["name"]!);
        Assert.NotEmpty(answer.Json["status"]!["conditions"]!.AsArray());
        Assert.Matches("^\"[0-9]+\"$", answer.ETag);
        Assert.True(long.Parse(answer.ETag!.Trim('"'), null) >= long.Parse(service.Metadata.ResourceVersion!, null));
    }

    [Fact]
    public async Task The_declaration_is_served_as_YAML_that_can_be_applied_again()
    {
        var ns = await DeclareChainAsync();

        var manifest = await running.GetAsync($"/api/v1/services/{ns}/order/manifest");

        Assert.Equal("application/yaml", manifest.MediaType);
        Assert.DoesNotContain("managedFields", manifest.Text, StringComparison.Ordinal);
        var plan = (await running.PostYamlAsync("/api/v1/plans", manifest.Text)).Ok();
        Assert.Equal("Unchanged", (string)plan["manifests"]![0]!["action"]!);
    }

    [Fact]
    public async Task The_owned_objects_are_shown_desired_against_live()
    {
        var ns = await DeclareChainAsync();
        await running.Caches.SettledAsync(new(ns, "order"));

        var objects = (await running.GetAsync($"/api/v1/services/{ns}/order/objects")).Ok()["items"]!.AsArray();

        Assert.Equal(
            ["Deployment", "HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"],
            objects.Select(item => (string)item!["kind"]!).Order());
        Assert.All(objects, item => Assert.Equal("InSync", (string)item!["sync"]!));
    }

    [Fact]
    public async Task The_graph_shows_callers_and_dependencies_within_the_steps_asked_for()
    {
        var ns = await DeclareChainAsync();

        var near = (await running.GetAsync($"/api/v1/services/{ns}/payment/graph?steps=1")).Ok();
        var far = (await running.GetAsync($"/api/v1/services/{ns}/payment/graph?steps=2")).Ok();

        Assert.Equal(["order -1", "payment 0"], near["nodes"]!.AsArray().Select(node => $"{node!["name"]} {node["distance"]}"));
        Assert.Equal(["cart -2", "order -1", "payment 0"], far["nodes"]!.AsArray().Select(node => $"{node!["name"]} {node["distance"]}"));
        Assert.Equal(
            [$"{ns}/cart -> {ns}/order", $"{ns}/order -> {ns}/payment"], far["edges"]!.AsArray().Select(edge => $"{edge!["from"]} -> {edge["to"]}").Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/manifest")]
    [InlineData("/instances")]
    [InlineData("/objects")]
    [InlineData("/graph")]
    public async Task What_is_not_declared_is_not_found(string part) =>
        (await running.GetAsync($"/api/v1/services/shop/nobody{part}")).Problem(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_path_that_nobody_serves_is_a_problem_too() =>
        (await running.GetAsync("/api/v1/nothing")).Problem(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_graph_of_too_many_steps_is_refused() =>
        Assert.Equal("steps", (string)(await running.GetAsync("/api/v1/services/shop/a/graph?steps=11")).Problem(HttpStatusCode.BadRequest)["field"]!);

    /// <summary>cart calls order, order calls payment.</summary>
    private async Task<string> DeclareChainAsync()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "payment"));
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order", dependsOn: "payment"));
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "cart", dependsOn: "order"));
        foreach (var name in (string[])["payment", "order", "cart"])
        {
            await running.DeclaredAsync(new ObjectKey(ns, name));
        }

        return ns;
    }
}

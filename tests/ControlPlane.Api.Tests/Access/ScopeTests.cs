using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Access;

/// <summary>Who holds a role in one namespace, or for one team, sees and changes that part of the fleet and nothing else.</summary>
public sealed class ScopeTests(RunningControlPlane running)
{
    [Fact]
    public async Task A_namespace_is_all_that_lists_counts_and_single_services_show()
    {
        var (mine, theirs) = await FleetAsync();
        using var viewer = await running.AsAsync($"viewer@{mine}");

        Assert.Equal([$"{mine}/cart", $"{mine}/pay"], await ListAsync(viewer));
        var counts = await JsonAsync(viewer, "/api/v1/services/counts");
        Assert.Equal((2, 1), ((int)counts["total"]!, counts["byNamespace"]!.AsObject().Count));
        Assert.All((await JsonAsync(viewer, "/api/v1/activity?limit=1000"))["items"]!.AsArray(), entry => Assert.Equal(mine, (string)entry!["namespace"]!));
        foreach (var part in (string[])["", "/manifest", "/instances", "/objects", "/graph"])
        {
            Assert.Equal((part, HttpStatusCode.OK), (part, await StatusAsync(viewer, $"/api/v1/services/{mine}/cart{part}")));
            Assert.Equal((part, HttpStatusCode.NotFound), (part, await StatusAsync(viewer, $"/api/v1/services/{theirs}/cart{part}")));
        }
    }

    [Fact]
    public async Task A_team_is_all_that_lists_show_wherever_its_services_are()
    {
        var (mine, theirs) = await FleetAsync();
        using var viewer = await running.AsAsync($"viewer@*/{mine}-payers");

        Assert.Equal(((string[])[$"{mine}/pay", $"{theirs}/pay"]).Order(StringComparer.Ordinal), await ListAsync(viewer));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(viewer, $"/api/v1/services/{mine}/cart"));
    }

    [Fact]
    public async Task A_neighbour_that_one_may_not_see_is_named_and_no_more()
    {
        var (mine, _) = await FleetAsync();
        using var viewer = await running.AsAsync($"viewer@{mine}/{mine}-shoppers");

        var graph = await JsonAsync(viewer, $"/api/v1/services/{mine}/cart/graph");

        var neighbour = Assert.Single(graph["nodes"]!.AsArray(), node => (string)node!["name"]! == "pay")!;
        Assert.Null(neighbour["health"]);
        Assert.Null(neighbour["tier"]);
    }

    [Fact]
    public async Task One_can_neither_plan_nor_apply_for_another_namespace_or_team()
    {
        var (mine, theirs) = await FleetAsync();
        using var engineer = await running.AsAsync($"platform-engineer@{mine}/{mine}-shoppers");
        async Task<HttpStatusCode> ApplyAsync(string path, string ns, string name, string team)
        {
            using var body = new StringContent(Declarations.Service(ns, name, team: team), Encoding.UTF8, "application/yaml");
            using var answer = await engineer.PostAsync(path, body, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }

        foreach (var path in (string[])["/api/v1/plans", "/api/v1/manifests"])
        {
            Assert.Equal(HttpStatusCode.OK, await ApplyAsync(path, mine, "cart", $"{mine}-shoppers"));
            Assert.Equal(HttpStatusCode.Forbidden, await ApplyAsync(path, theirs, "cart", $"{mine}-shoppers"));
            Assert.Equal(HttpStatusCode.Forbidden, await ApplyAsync(path, mine, "pay", $"{mine}-shoppers")); // taking over another team's
            Assert.Equal(HttpStatusCode.Forbidden, await ApplyAsync(path, mine, "cart", $"{mine}-payers")); // giving one's own away
        }
    }

    [Fact]
    public async Task A_stream_tells_of_what_one_may_see_and_of_what_leaves_it()
    {
        var (mine, theirs) = await FleetAsync();
        using var viewer = await running.AsAsync($"viewer@*/{mine}-shoppers");
        using var answer = await viewer.GetAsync("/api/v1/services/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        await running.Cluster.ApplyAsync(Declarations.Service(theirs, "pay", team: $"{mine}-payers", tier: "Low"));
        await running.Cluster.ApplyAsync(Declarations.Service(mine, "cart", team: $"{mine}-payers"));

        for (var removed = false; !removed;)
        {
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            if (line?.StartsWith("data: ", StringComparison.Ordinal) == true)
            {
                var change = JsonNode.Parse(line["data: ".Length..])!;
                Assert.Equal("cart", (string)change["name"]!);
                removed = change["service"] is null && (string)change["namespace"]! == mine;
            }
        }
    }

    private async Task<(string Mine, string Theirs)> FleetAsync()
    {
        var (mine, theirs) = (await running.NamespaceAsync(), await running.NamespaceAsync());
        foreach (var ns in (string[])[mine, theirs])
        {
            await running.Cluster.ApplyAsync(Declarations.Service(ns, "cart", team: $"{mine}-shoppers", dependsOn: "pay"));
            await running.Cluster.ApplyAsync(Declarations.Service(ns, "pay", team: $"{mine}-payers"));
            await running.Caches.SettledAsync(new ObjectKey(ns, "cart"));
            await running.Caches.SettledAsync(new ObjectKey(ns, "pay"));
        }

        return (mine, theirs);
    }

    private static async Task<IEnumerable<string>> ListAsync(HttpClient http) =>
        (await JsonAsync(http, "/api/v1/services?limit=500"))["items"]!.AsArray().Select(item => $"{item!["namespace"]}/{item["name"]}").Order(StringComparer.Ordinal);

    private static async Task<JsonNode> JsonAsync(HttpClient http, string path) => (await Answer.ReadAsync(await http.GetAsync(path, TestContext.Current.CancellationToken))).Ok();

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}

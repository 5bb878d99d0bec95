using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class DryRunTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string DryRun = "dryRun=All";

    [Fact]
    public async Task A_dry_run_answers_as_if_and_changes_nothing()
    {
        var created = await Widgets.CreateAsync(Widget("a"));
        using var watch = await Widgets.WatchAsync($"resourceVersion={created.ResourceVersion}");

        Assert.Equal("1", (await Widgets.CreateAsync(Widget("b"), DryRun)).Expect(HttpStatusCode.Created).Text("spec.replicas"));
        Assert.Equal("red", (await Widgets.PatchAsync("a", """{"spec": {"color": "red"}}""", query: DryRun)).Expect(HttpStatusCode.OK).Text("spec.color"));
        Assert.Equal("blue", (await Widgets.ApplyAsync("a", "one", Widget("a", """{"color": "blue"}"""), DryRun)).Expect(HttpStatusCode.OK).Text("spec.color"));
        (await Widgets.DeleteAsync("a", query: DryRun)).Expect(HttpStatusCode.OK);

        (await Widgets.GetAsync("b")).Expect(HttpStatusCode.NotFound);
        Assert.Equal(created.Body.ToJsonString(), (await Widgets.GetAsync("a")).Body.ToJsonString());
        await Widgets.DeleteAsync("a");
        Assert.Equal("DELETED a", (await watch.NextAsync())!.ToString());
    }

    [Fact]
    public async Task A_dry_run_is_refused_as_the_real_one_would_be()
    {
        await Widgets.CreateAsync(Widget("a"));

        (await Widgets.CreateAsync(Widget("a"), DryRun)).ExpectFailure(HttpStatusCode.Conflict, "AlreadyExists");
        (await Widgets.CreateAsync(Widget("b", """{"color": "purple"}"""), DryRun)).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
    }

    [Fact]
    public async Task There_is_no_other_kind_of_dry_run() =>
        Assert.Equal(
            "dryRun", (await Widgets.CreateAsync(Widget("a"), "dryRun=Some")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid").Text("details.causes.0.field"));

    [Fact]
    public async Task A_dry_run_takes_no_address()
    {
        var services = Core("services");
        const string Service = """{"metadata": {"name": "a"}, "spec": {"ports": [{"port": 80}]}}""";

        (await services.CreateAsync(Service, DryRun)).Expect(HttpStatusCode.Created);

        Assert.Empty((await services.ListAsync()).Items);
        (await services.CreateAsync(Service)).Expect(HttpStatusCode.Created);
    }
}

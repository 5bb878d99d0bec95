using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class SelectorTests(TestCluster cluster) : ClusterTest(cluster)
{
    [Theory]
    [InlineData("app=web", "web-1 web-2")]
    [InlineData("app==web,track=canary", "web-2")]
    [InlineData("app!=web,app", "db")]
    [InlineData("app in (web, db),track!=canary", "db web-1")]
    [InlineData("app notin (web),suite", "db plain")]
    [InlineData("track", "web-2")]
    [InlineData("!app,suite", "plain")]
    [InlineData("app=nothing", "")]
    public async Task Labels_select(string selector, string expected)
    {
        await CreateAsync("web-1", "\"suite\": \"s\", \"app\": \"web\"");
        await CreateAsync("web-2", "\"suite\": \"s\", \"app\": \"web\", \"track\": \"canary\"");
        await CreateAsync("db", "\"suite\": \"s\", \"app\": \"db\"");
        await CreateAsync("plain", "\"suite\": \"s\"");

        var list = await ConfigMaps.ListAsync($"labelSelector={Uri.EscapeDataString(selector)}");

        Assert.Equal(expected, string.Join(' ', list.Expect(HttpStatusCode.OK).Names));
    }

    [Theory]
    [InlineData("app in web")]
    [InlineData("app=web,,")]
    [InlineData("-=x")]
    public async Task A_label_selector_that_is_none_is_a_bad_request(string selector) =>
        (await ConfigMaps.ListAsync($"labelSelector={Uri.EscapeDataString(selector)}")).ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");

    [Theory]
    [InlineData("metadata.name=a", "a")]
    [InlineData("metadata.name!=a", "b")]
    public async Task Names_select(string selector, string expected)
    {
        await CreateAsync("a", "\"suite\": \"s\"");
        await CreateAsync("b", "\"suite\": \"s\"");

        var list = await ConfigMaps.ListAsync($"labelSelector=suite%3Ds&fieldSelector={Uri.EscapeDataString(selector)}");

        Assert.Equal([expected], list.Expect(HttpStatusCode.OK).Names);
    }

    [Fact]
    public async Task A_field_that_a_kind_does_not_select_by_is_a_bad_request()
    {
        var refused = (await ConfigMaps.ListAsync("fieldSelector=data.key%3Dvalue")).ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");

        Assert.Equal("\"data.key\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"", refused.Text("message"));
    }

    [Fact]
    public async Task A_definition_chooses_fields_to_select_by()
    {
        await Widgets.CreateAsync(Widget("r", """{"color": "red"}"""));
        await Widgets.CreateAsync(Widget("g", """{"color": "green"}"""));

        Assert.Equal(["g"], (await Widgets.ListAsync("fieldSelector=spec.color%3Dgreen")).Expect(HttpStatusCode.OK).Names);
        (await Widgets.ListAsync("fieldSelector=spec.replicas%3D1")).ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");
    }

    [Fact]
    public async Task Pods_are_selected_by_node_and_phase()
    {
        await Core("serviceaccounts").UntilAsync("default", _ => true);
        (await Pods.CreateAsync("""{"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}""")).Expect(HttpStatusCode.Created);

        Assert.Equal(["p"], (await Pods.ListAsync("fieldSelector=spec.nodeName%3D,status.phase%3DPending")).Names);
        Assert.Empty((await Pods.ListAsync("fieldSelector=spec.nodeName%3Dsome")).Names);
    }

    private async Task CreateAsync(string name, string labels) =>
        (await ConfigMaps.CreateAsync(ConfigMap(name, metadata: $$""", "labels": { {{labels}} }"""))).Expect(HttpStatusCode.Created);
}

using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class SchemaTests(TestCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task Defaults_fill_in_what_is_left_out()
    {
        var created = await Widgets.CreateAsync(Widget("a", """{"ports": [{"name": "http"}]}"""));

        Assert.Equal("""{"ports":[{"name":"http","protocol":"TCP"}],"replicas":1,"size":{"unit":"cm"}}""", created.Expect(HttpStatusCode.Created).Body.Json("spec"));
    }

    [Fact]
    public async Task A_null_counts_as_left_out_unless_the_schema_allows_it()
    {
        var created = await Widgets.CreateAsync(Widget("a", """{"replicas": null, "note": null}"""));

        Assert.Equal("1", created.Expect(HttpStatusCode.Created).Text("spec.replicas"));
        Assert.True(created.At("spec")!.AsObject().ContainsKey("note"));
    }

    [Fact]
    public async Task Unknown_fields_are_pruned_except_where_the_schema_keeps_them()
    {
        var created = await Widgets.CreateAsync(Widget("a", """{"colour": "red", "size": {"depth": 1}, "anything": {"x": {"y": [1]}}}""", """, "more": 1"""));

        Assert.Equal("""{"anything":{"x":{"y":[1]}},"replicas":1,"size":{"unit":"cm"}}""", created.Expect(HttpStatusCode.Created).Body.Json("spec"));
        Assert.Null(created.At("more"));
    }

    [Fact]
    public async Task An_unknown_field_is_ignored_warned_of_or_refused_as_asked()
    {
        var misspelt = Widget("a", """{"colour": "red"}""");

        Assert.Empty((await Widgets.CreateAsync(misspelt, "fieldValidation=Ignore&dryRun=All")).Expect(HttpStatusCode.Created).Warnings);
        Assert.Contains("unknown field \\\"spec.colour\\\"", Assert.Single((await Widgets.CreateAsync(misspelt, "fieldValidation=Warn&dryRun=All")).Warnings));
        Assert.Single((await Widgets.CreateAsync(misspelt, "dryRun=All")).Warnings);
        var refused = (await Widgets.CreateAsync(misspelt, "fieldValidation=Strict")).ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");
        Assert.Contains("strict decoding error: unknown field \"spec.colour\"", refused.Text("message"));
    }

    [Fact]
    public async Task A_field_that_is_there_twice_is_refused_when_asked()
    {
        var refused = await Deployments.CreateAsync(
            Deployment("a").Replace("\"replicas\": 0,", "\"replicas\": 0, \"replicas\": 1, \"reliability\": 3,", StringComparison.Ordinal), "fieldValidation=Strict");

        refused.ExpectFailure(HttpStatusCode.BadRequest, "BadRequest");
        Assert.Contains("duplicate field \"spec.replicas\"", refused.Text("message"));
        Assert.Contains("unknown field \"spec.reliability\"", refused.Text("message"));
    }

    [Theory]
    [InlineData("""{"color": "purple"}""", "spec.color", "FieldValueNotSupported")]
    [InlineData("""{"color": 3}""", "spec.color", "FieldValueTypeInvalid")]
    [InlineData("""{"replicas": -1}""", "spec.replicas", "FieldValueInvalid")]
    [InlineData("""{"replicas": "one"}""", "spec.replicas", "FieldValueTypeInvalid")]
    [InlineData("""{"owner": "012345678901234567890"}""", "spec.owner", "FieldValueTooLong")]
    [InlineData("""{"tags": ["a", "a"]}""", "spec.tags[1]", "FieldValueDuplicate")]
    [InlineData("""{"tags": ["1","2","3","4","5","6","7","8","9","10","11"]}""", "spec.tags", "FieldValueTooMany")]
    [InlineData("""{"ports": [{"port": 1}]}""", "spec.ports[0].name", "FieldValueRequired")]
    [InlineData("""{"ports": [{"name": "a"}, {"name": "a"}]}""", "spec.ports[1]", "FieldValueDuplicate")]
    [InlineData("""{"amount": true}""", "spec.amount", "FieldValueTypeInvalid")]
    public async Task What_the_schema_forbids_is_refused_with_the_field(string spec, string field, string reason)
    {
        var refused = (await Widgets.CreateAsync(Widget("a", spec))).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");

        Assert.Equal(("a", "Widget", WidgetKind.Group), (refused.Text("details.name"), refused.Text("details.kind"), refused.Text("details.group")));
        Assert.Contains((field, reason), refused.At("details.causes")!.AsArray().Select(c => (c.Text("field"), c.Text("reason"))));
        (await Widgets.GetAsync("a")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var refused = await Widgets.CreateAsync(Widget("a", """{"color": "purple", "replicas": -1}"""));

        Assert.Equal(
            [".spec.replicas", "<nil>", "spec.color", "spec.replicas"],
            refused.At("details.causes")!.AsArray().Select(c => c.Text("field")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Built_in_kinds_have_their_defaults()
    {
        var created = (await Deployments.CreateAsync(Deployment("a"))).Expect(HttpStatusCode.Created);

        Assert.Equal(("RollingUpdate", "25%", "10", "600"), (
            created.Text("spec.strategy.type"), created.Text("spec.strategy.rollingUpdate.maxSurge"), created.Text("spec.revisionHistoryLimit"), created.Text("spec.progressDeadlineSeconds")));
        Assert.Equal(("Always", "ClusterFirst", "30", "default-scheduler"), (
            created.Text("spec.template.spec.restartPolicy"), created.Text("spec.template.spec.dnsPolicy"),
            created.Text("spec.template.spec.terminationGracePeriodSeconds"), created.Text("spec.template.spec.schedulerName")));
        Assert.Equal(("IfNotPresent", "File", "/dev/termination-log"), (
            created.Text("spec.template.spec.containers.0.imagePullPolicy"), created.Text("spec.template.spec.containers.0.terminationMessagePolicy"),
            created.Text("spec.template.spec.containers.0.terminationMessagePath")));
    }

    [Fact]
    public async Task Built_in_kinds_name_the_field_at_fault()
    {
        var refused = await Deployments.CreateAsync(Deployment("a", """[{"name": "Web", "image": "", "ports": [{"containerPort": 70000}]}]"""));

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Equal(
            ["spec.template.spec.containers[0].image", "spec.template.spec.containers[0].name", "spec.template.spec.containers[0].ports[0].containerPort"],
            refused.At("details.causes")!.AsArray().Select(c => c.Text("field")).Order());
    }

    [Fact]
    public async Task A_selector_stays_what_it_was()
    {
        await Deployments.CreateAsync(Deployment("a"));

        var refused = await Deployments.PatchAsync(
            "a", """{"spec": {"selector": {"matchLabels": {"app": "b"}}, "template": {"metadata": {"labels": {"app": "b"}}}}}""");

        refused.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
        Assert.Equal("spec.selector", refused.Text("details.causes.0.field"));
        Assert.Contains("field is immutable", refused.Text("message"));
    }

    [Fact]
    public async Task A_service_gets_an_address_and_keeps_it()
    {
        var services = Core("services");
        var created = await services.CreateAsync("""{"metadata": {"name": "a"}, "spec": {"ports": [{"port": 80}], "selector": {"app": "a"}}}""");

        Assert.Equal(("ClusterIP", "TCP", "80"), (created.Expect(HttpStatusCode.Created).Text("spec.type"), created.Text("spec.ports.0.protocol"), created.Text("spec.ports.0.targetPort")));
        Assert.True(IPAddress.TryParse(created.Text("spec.clusterIP"), out _));
        (await services.PatchAsync("a", """{"spec": {"clusterIP": "10.96.7.7", "clusterIPs": ["10.96.7.7"]}}""")).ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid");
    }

    [Fact]
    public async Task Labels_and_annotations_are_checked()
    {
        var label = await ConfigMaps.CreateAsync(ConfigMap("a", metadata: """, "labels": {"x": "not valid"}"""));
        Assert.Equal("metadata.labels", label.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid").Text("details.causes.0.field"));

        var annotation = await ConfigMaps.CreateAsync(ConfigMap("a", metadata: """, "annotations": {"not valid": "x"}"""));
        Assert.Equal("metadata.annotations", annotation.ExpectFailure(HttpStatusCode.UnprocessableEntity, "Invalid").Text("details.causes.0.field"));
    }
}

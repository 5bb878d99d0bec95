using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class TableTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private const string Metadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    private const string MetadataList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

    [Fact]
    public async Task A_list_is_shown_as_a_table()
    {
        await ConfigMaps.CreateAsync(ConfigMap("a", """{"one": "1", "two": "2"}"""));

        var table = (await ConfigMaps.ListAsync("labelSelector=!none&fieldSelector=metadata.name%3Da", Table)).Expect(HttpStatusCode.OK);

        Assert.Equal(("Table", "meta.k8s.io/v1"), (table.Text("kind"), table.Text("apiVersion")));
        Assert.Equal(["Name", "Data", "Age"], table.At("columnDefinitions")!.AsArray().Select(c => c.Text("name")));
        Assert.Equal(("a", "2"), (table.Text("rows.0.cells.0"), table.Text("rows.0.cells.1")));
        Assert.Equal(("PartialObjectMetadata", "a"), (table.Text("rows.0.object.kind"), table.Text("rows.0.object.metadata.name")));
        Assert.NotNull(table.ResourceVersion);
    }

    [Fact]
    public async Task A_definition_gives_the_columns_of_its_kind()
    {
        await Widgets.CreateAsync(Widget("a", """{"color": "red", "replicas": 3, "ports": [{"name": "http"}]}"""));
        await Widgets.CreateAsync(Widget("b"));

        var table = (await Widgets.ListAsync(accept: Table)).Expect(HttpStatusCode.OK);

        Assert.Equal(
            [("Name", "string", "0"), ("Color", "string", "0"), ("Replicas", "integer", "0"), ("First", "string", "1")],
            table.At("columnDefinitions")!.AsArray().Select(c => (c.Text("name"), c.Text("type"), c.Text("priority"))));
        Assert.Equal("""["a","red",3,"http"]""", table.Body.Json("rows.0.cells"));
        Assert.Equal("""["b",null,1,null]""", table.Body.Json("rows.1.cells"));
    }

    [Theory]
    [InlineData("includeObject=None", null)]
    [InlineData("includeObject=Metadata", "PartialObjectMetadata")]
    [InlineData("includeObject=Object", "Widget")]
    public async Task Rows_hold_as_much_of_the_object_as_asked(string query, string? kind)
    {
        await Widgets.CreateAsync(Widget("a"));

        Assert.Equal(kind, (await Widgets.ListAsync(query, Table)).Expect(HttpStatusCode.OK).Text("rows.0.object.kind"));
    }

    [Fact]
    public async Task One_object_is_a_table_of_one_row()
    {
        await Widgets.CreateAsync(Widget("a"));

        Assert.Equal("a", Assert.Single((await Widgets.GetAsync("a", Table)).At("rows")!.AsArray()).Text("cells.0"));
    }

    [Fact]
    public async Task Deployments_and_services_have_the_columns_that_people_know()
    {
        await Deployments.CreateAsync(Deployment("a"));

        var deployments = await Deployments.ListAsync(accept: Table);
        Assert.Equal(
            ["Name", "Ready", "Up-to-date", "Available", "Age", "Containers", "Images", "Selector"],
            deployments.At("columnDefinitions")!.AsArray().Select(c => c.Text("name")));
        Assert.Equal(("0/0", "web", "web:1", "app=a"), (
            deployments.Text("rows.0.cells.1"), deployments.Text("rows.0.cells.5"), deployments.Text("rows.0.cells.6"), deployments.Text("rows.0.cells.7")));
        Assert.Equal(
            ["Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector"],
            (await Core("services").ListAsync(accept: Table)).At("columnDefinitions")!.AsArray().Select(c => c.Text("name")));
    }

    [Fact]
    public async Task Metadata_alone_can_be_asked_for()
    {
        await Widgets.CreateAsync(Widget("a", """{"color": "red"}"""));

        var one = (await Widgets.GetAsync("a", Metadata)).Expect(HttpStatusCode.OK);
        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1", "a"), (one.Text("kind"), one.Text("apiVersion"), one.Text("metadata.name")));
        Assert.Null(one.At("spec"));

        var list = (await Widgets.ListAsync(accept: MetadataList)).Expect(HttpStatusCode.OK);
        Assert.Equal(("PartialObjectMetadataList", "a"), (list.Text("kind"), list.Text("items.0.metadata.name")));
        Assert.Null(list.At("items.0.spec"));
    }

    [Fact]
    public async Task The_first_form_that_the_server_has_is_taken() =>
        Assert.Equal("ConfigMapList", (await ConfigMaps.ListAsync(accept: "application/json;as=Poem;v=v1;g=meta.k8s.io,application/json")).Text("kind"));
}

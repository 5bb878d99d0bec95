using System.Net;
using Conformance.Cluster;

namespace Conformance;

public sealed class DiscoveryTests(TestCluster cluster) : ClusterTest(cluster)
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    [Fact]
    public async Task Groups_list_the_kinds_that_they_serve()
    {
        var core = (await Api.GetAsync("/api/v1")).Expect(HttpStatusCode.OK);

        Assert.Equal(("APIResourceList", "v1"), (core.Text("kind"), core.Text("groupVersion")));
        var pods = core.At("resources")!.AsArray().Single(r => r.Text("name") == "pods");
        Assert.Equal(("Pod", "true", "pod", """["po"]"""), (pods.Text("kind"), pods.Text("namespaced"), pods.Text("singularName"), pods.Json("shortNames")));
        Assert.Equal("""["create","delete","deletecollection","get","list","patch","update","watch"]""", pods.Json("verbs"));
        Assert.Contains("pods/log", core.At("resources")!.AsArray().Select(r => r.Text("name")));
    }

    [Theory]
    [InlineData("/api", "v1", "configmaps")]
    [InlineData("/apis", "v1", "deployments")]
    public async Task One_request_tells_all_that_is_served(string path, string version, string resource)
    {
        var groups = (await Api.GetAsync(path, Aggregated)).Expect(HttpStatusCode.OK);

        Assert.Equal(("APIGroupDiscoveryList", "apidiscovery.k8s.io/v2"), (groups.Text("kind"), groups.Text("apiVersion")));
        Assert.Contains(
            (version, resource),
            groups.Items.SelectMany(g => g["versions"]!.AsArray()).SelectMany(v => v!["resources"]!.AsArray().Select(r => (v.Text("version"), r.Text("resource")))));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task The_server_tells_that_it_is_well(string path) =>
        Assert.Equal("ok", (await Api.GetAsync(path)).Expect(HttpStatusCode.OK).Text("text"));

    [Fact]
    public async Task The_server_tells_its_version() => Assert.Equal("1", (await Api.GetAsync("/version")).Expect(HttpStatusCode.OK).Text("major"));

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("application/com.github.proto-openapi.spec.v2@v1.0+protobuf", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")]
    public async Task Openapi_v2_comes_in_the_form_that_is_asked_for(string accepted, string answered) =>
        Assert.Equal(answered, (await Api.GetAsync("/openapi/v2", accepted)).Expect(HttpStatusCode.OK).MediaType);

    [Fact]
    public async Task A_group_that_is_not_served_is_not_found() => (await Api.GetAsync("/apis/nothing.example.com/v1")).Expect(HttpStatusCode.NotFound);
}

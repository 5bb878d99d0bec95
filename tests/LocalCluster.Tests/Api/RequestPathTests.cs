using LocalCluster.Api;

namespace LocalCluster.Tests.Api;

public sealed class RequestPathTests
{
    [Theory]
    [InlineData("/api/v1/pods", "", "v1", "", "pods", "", "")]
    [InlineData("/api/v1/namespaces", "", "v1", "", "namespaces", "", "")]
    [InlineData("/api/v1/namespaces/a", "", "v1", "", "namespaces", "a", "")]
    [InlineData("/api/v1/namespaces/a/status", "", "v1", "", "namespaces", "a", "status")]
    [InlineData("/api/v1/namespaces/a/finalize", "", "v1", "", "namespaces", "a", "finalize")]
    [InlineData("/api/v1/namespaces/a/pods", "", "v1", "a", "pods", "", "")]
    [InlineData("/api/v1/namespaces/a/pods/p/log", "", "v1", "a", "pods", "p", "log")]
    [InlineData("/apis/apps/v1/namespaces/a/deployments/d/scale", "apps", "v1", "a", "deployments", "d", "scale")]
    [InlineData("/apis/a.b/v1/things/x", "a.b", "v1", "", "things", "x", "")]
    public void A_path_names_what_it_is_about(string path, string group, string version, string ns, string resource, string name, string subresource) =>
        Assert.Equal(new RequestPath(group, version, ns, resource, name, subresource), RequestPath.Parse(path));

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/other/v1/pods")]
    [InlineData("/api/v1/namespaces/a/pods/p/log/more")]
    public void Other_paths_name_no_objects(string path) => Assert.Null(RequestPath.Parse(path));
}

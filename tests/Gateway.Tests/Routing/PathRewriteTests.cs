using Gateway.Forwarding;
using Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Routing;

/// <summary>Rewrites and redirections as the examples of the Gateway API's documentation have them.</summary>
public sealed class PathRewriteTests
{
    [Theory]
    [InlineData("/foo/bar", "/foo", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo", "/xyz/", "/xyz/bar")]
    [InlineData("/foo", "/foo", "/xyz", "/xyz")]
    [InlineData("/foo/", "/foo", "/xyz", "/xyz/")]
    [InlineData("/foo/bar", "/foo", "", "/bar")]
    [InlineData("/foo/", "/foo", "", "/")]
    [InlineData("/foo", "/foo", "", "/")]
    [InlineData("/foo", "/foo", "/", "/")]
    [InlineData("/foo/bar", "/foo", "/", "/bar")]
    public void A_prefix_is_replaced(string path, string matched, string replacement, string expected) =>
        Assert.Equal(expected, new PathRewrite(null, replacement).Apply(path, matched));

    [Theory]
    [InlineData(null, null, null, 80, "http", "http://example.org/a?q=1")]
    [InlineData(null, null, null, 8080, "http", "http://example.org:8080/a?q=1")]
    [InlineData("https", null, null, 8080, "http", "https://example.org/a?q=1")]
    [InlineData("https", null, 8443, 80, "http", "https://example.org:8443/a?q=1")]
    [InlineData("https", null, 443, 80, "http", "https://example.org/a?q=1")]
    [InlineData(null, null, 80, 8080, "http", "http://example.org/a?q=1")]
    [InlineData("http", null, null, 443, "https", "http://example.org/a?q=1")]
    [InlineData(null, null, 8443, 443, "https", "https://example.org:8443/a?q=1")]
    [InlineData(null, "other.org", null, 443, "https", "https://other.org/a?q=1")]
    public void A_redirection_names_a_port_only_where_the_scheme_does_not(string? scheme, string? host, int? port, int listener, string requestScheme, string expected)
    {
        var context = new DefaultHttpContext();
        (context.Request.Scheme, context.Request.Host, context.Request.Path, context.Request.QueryString) = (requestScheme, new HostString("example.org", 9999), "/a", new QueryString("?q=1"));

        Assert.Equal(expected, RedirectLocation.Of(new Redirect(scheme, host, port, null, 302), context.Request, "", listener));
    }
}

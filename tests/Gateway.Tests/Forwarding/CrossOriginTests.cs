using Gateway.Forwarding;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Forwarding;

/// <summary>As the conformance suite's test HTTPRouteCORS has it.</summary>
public sealed class CrossOriginTests
{
    private static readonly CrossOriginRules Some = new()
    {
        AllowOrigins = ["https://www.foo.com", "https://*.bar.com"],
        AllowMethods = ["GET", "OPTIONS"],
        AllowHeaders = ["x-header-1", "x-header-2"],
        ExposeHeaders = ["x-header-3", "x-header-4"],
        AllowCredentials = true,
        MaxAge = TimeSpan.FromHours(1),
    };

    private static readonly CrossOriginRules All = new() { AllowOrigins = ["*"], AllowMethods = ["*"], AllowHeaders = ["*"], ExposeHeaders = ["*"] };

    [Theory]
    [InlineData("https://www.foo.com")]
    [InlineData("https://www.bar.com")]
    [InlineData("https://xpto.www.bar.com")]
    public void A_page_of_an_origin_that_is_allowed_is_told_what_it_may(string origin)
    {
        var headers = Preflight(Some, origin, "GET", "x-header-1, x-header-2");

        Assert.Equal(origin, headers.AccessControlAllowOrigin);
        Assert.Equal("GET, OPTIONS", headers.AccessControlAllowMethods);
        Assert.Equal("x-header-1, x-header-2", headers.AccessControlAllowHeaders);
        Assert.Equal("x-header-3, x-header-4", headers.AccessControlExposeHeaders);
        Assert.Equal(("3600", "true"), (headers.AccessControlMaxAge.ToString(), headers.AccessControlAllowCredentials.ToString()));
        Assert.Contains("Origin", headers.Vary.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://foobar.com")]
    [InlineData("http://www.foo.com")]
    [InlineData("https://www.foo.com:8443")]
    [InlineData("https://.bar.com")]
    [InlineData("https://evil.com/x.bar.com")]
    [InlineData("https://user@evil.bar.com")]
    [InlineData("https://bar.com")]
    [InlineData("null")]
    public void A_page_of_another_origin_is_told_nothing(string origin)
    {
        var headers = Preflight(Some, origin, "GET", "x-header-1");

        Assert.Equal(0, headers.AccessControlAllowOrigin.Count);
        Assert.Equal(0, headers.AccessControlAllowMethods.Count);
        Assert.Equal(0, headers.AccessControlAllowCredentials.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_all_may_is_answered_with_what_was_asked(bool credentials)
    {
        var headers = Preflight(All with { AllowCredentials = credentials }, "https://foobar.com:12345", "PUT", "x-header-1");

        Assert.Equal(("https://foobar.com:12345", "PUT", "x-header-1"), (headers.AccessControlAllowOrigin.ToString(), headers.AccessControlAllowMethods.ToString(), headers.AccessControlAllowHeaders.ToString()));
        Assert.Equal((credentials ? "true" : "", credentials ? "" : "*"), (headers.AccessControlAllowCredentials.ToString(), headers.AccessControlExposeHeaders.ToString()));
    }

    [Theory]
    [InlineData("GET", "https://www.foo.com", "GET")]
    [InlineData("OPTIONS", null, "GET")]
    [InlineData("OPTIONS", "https://www.foo.com", null)]
    public void Any_other_request_goes_on(string method, string? origin, string? asked)
    {
        var context = Request(method, origin, asked, null);

        Assert.False(CrossOrigin.TryAnswerPreflight(context, Some));
    }

    private static IHeaderDictionary Preflight(CrossOriginRules rules, string origin, string method, string headers)
    {
        var context = Request("OPTIONS", origin, method, headers);
        Assert.True(CrossOrigin.TryAnswerPreflight(context, rules));
        Assert.Equal(204, context.Response.StatusCode);
        return context.Response.Headers;
    }

    private static DefaultHttpContext Request(string method, string? origin, string? asked, string? headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Headers.Origin = origin;
        context.Request.Headers.AccessControlRequestMethod = asked;
        context.Request.Headers.AccessControlRequestHeaders = headers;
        return context;
    }
}

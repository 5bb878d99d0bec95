using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Tests.Testing;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Tests.Access;

/// <summary>Walks every endpoint with every role and with nobody: one that is added without saying whom it is for fails here.</summary>
public sealed partial class EveryEndpointTests(RunningControlPlane running)
{
    private IReadOnlyList<RouteEndpoint> Endpoints => [.. running.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    [Fact]
    public void Every_endpoint_says_whom_it_is_for() =>
        Assert.Empty(Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAccessRule>() is null).Select(endpoint => endpoint.RoutePattern.RawText));

    [Fact]
    public void Only_health_is_for_anybody() => Assert.Equal(
        ["/healthz/live", "/healthz/ready"],
        Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAccessRule>()!.IsForAnybody).Select(endpoint => endpoint.RoutePattern.RawText).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Nobody_gets_anything_but_health_and_the_metrics_of_this_machine()
    {
        using var nobody = running.With(token: null);
        foreach (var (endpoint, method) in Calls().Where(call => call.Endpoint.RoutePattern.RawText != "/metrics"))
        {
            using var answer = await nobody.SendAsync(Request(endpoint, method), TestContext.Current.CancellationToken);

            Assert.Equal((endpoint.RoutePattern.RawText, Rule(endpoint).IsForAnybody), (endpoint.RoutePattern.RawText, answer.StatusCode != HttpStatusCode.Unauthorized));
        }
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("platform-engineer")]
    [InlineData("on-call")]
    [InlineData("compliance-officer")]
    [InlineData("admin")]
    [InlineData("audit-source")]
    public async Task A_role_gets_what_it_holds_and_nothing_else(string name)
    {
        var role = RoleNames.Parse(name)!.Value;
        using var somebody = await running.AsAsync(name);
        foreach (var (endpoint, method) in Calls())
        {
            var (rule, route) = (Rule(endpoint), $"{method} {endpoint.RoutePattern.RawText}");
            var isAllowed = rule.IsForAnybody || rule.Permission is null || rule.Permission.IsHeldBy(role);
            if (isAllowed && route.EndsWith("/stream", StringComparison.Ordinal))
            {
                continue; // it goes on for ever; that it is refused to others is looked at below
            }

            using var answer = await somebody.SendAsync(Request(endpoint, method), TestContext.Current.CancellationToken);
            var missing = answer.StatusCode == HttpStatusCode.Forbidden
                ? (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["permission"]
                : null;

            // A use case may want more than the endpoint, for what belongs to somebody else: then it says what.
            Assert.Equal((route, isAllowed), (route, answer.StatusCode != HttpStatusCode.Unauthorized && (missing is null || missing != rule.Permission?.Name)));
        }
    }

    private IEnumerable<(RouteEndpoint Endpoint, string Method)> Calls() =>
        from endpoint in Endpoints
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (endpoint, method);

    private static IAccessRule Rule(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAccessRule>()!;

    private static HttpRequestMessage Request(RouteEndpoint endpoint, string method) =>
        new(new HttpMethod(method), Parameter().Replace($"/{endpoint.RoutePattern.RawText!.TrimStart('/')}", match => Fitting(match.Value)))
        {
            Content = method is "GET" or "DELETE" or "HEAD" ? null : new StringContent("{}", Encoding.UTF8, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0] ?? "application/json"),
        };

    /// <summary>A value that the route takes: another one would meet no endpoint at all.</summary>
    private static string Fitting(string parameter) => parameter switch
    {
        _ when parameter.Contains(":guid", StringComparison.Ordinal) => "00000000-0000-0000-0000-000000000001",
        _ when parameter.Contains(":long", StringComparison.Ordinal) || parameter.Contains(":int", StringComparison.Ordinal) => "1",
        _ => "nobody",
    };

    [GeneratedRegex("\\{[^}]*\\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}

using CsCheck;
using ControlPlane.Kubernetes.Resources;
using Gateway.Routing;
using Gateway.Tests.Testing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Routing;

/// <summary>The index by path finds what looking at every match in order would find.</summary>
public sealed class HostRoutesTests
{
    private static readonly Gen<string> Segment = AnyOf.These("a", "b", "ab");
    private static readonly Gen<string> Path = Gen.Select(Segment.Array[0, 4], AnyOf.These("", "/")).Select(parts => $"/{string.Join('/', parts.Item1)}{(parts.Item1.Length == 0 ? "" : parts.Item2)}");
    private static readonly Gen<PathPattern> Pattern = Gen.OneOf(
        Path.Select(path => new PathPattern(PathPatternKind.Exact, path)),
        Path.Select(PathPattern.Prefix),
        AnyOf.These("/a.*", "/(a|b)/ab", ".*b").Select(text => new PathPattern(PathPatternKind.Regex, text, SafeRegex.TryCompile(text, out _))));

    private static readonly Gen<RouteMatch> Match = Gen.Select(Pattern, AnyOf.These<string?>(null, "GET", "POST"), Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 2]).Select(parts =>
        new RouteMatch
        {
            Path = parts.Item1,
            Method = parts.Item2,
            Headers = parts.Item3 ? [new ValuePattern("city", "Mumbai")] : [],
            Query = parts.Item4 ? [new ValuePattern("debug", "1")] : [],
            Rule = new RouteRule { Id = new(new ObjectKey("shop", $"route-{parts.Item5}"), parts.Item6, null) },
            RouteCreated = DateTimeOffset.UnixEpoch.AddSeconds(parts.Item5 % 2),
        });

    private static readonly Gen<DefaultHttpContext> Request = Gen.Select(Path, AnyOf.These("GET", "POST"), Gen.Bool, Gen.Bool).Select(parts =>
    {
        var context = new DefaultHttpContext();
        (context.Request.Path, context.Request.Method) = (parts.Item1, parts.Item2);
        if (parts.Item3)
        {
            context.Request.Headers["City"] = "Mumbai";
        }

        context.Request.QueryString = new QueryString(parts.Item4 ? "?debug=1" : "");
        return context;
    });

    [Fact]
    public void A_request_gets_the_first_match_in_the_order_of_precedence() => Gen.Select(Match.Array[0, 12], Request).Sample((matches, context) =>
    {
        var routes = new HostRoutes(matches);
        var view = new RequestView(context.Request);

        var expected = routes.Matches.FirstOrDefault(match => match.Path.Matches(view.Path) && view.Fits(match));

        Assert.Same(expected, routes.Find(view));
    });

    [Fact]
    public void Precedence_is_a_total_order() => Match.Array[3, 3].Sample(matches =>
    {
        var order = RoutePrecedence.Instance;
        var (a, b, c) = (matches[0], matches[1], matches[2]);
        Assert.Equal(Math.Sign(order.Compare(a, b)), -Math.Sign(order.Compare(b, a)));
        if (order.Compare(a, b) <= 0 && order.Compare(b, c) <= 0)
        {
            Assert.True(order.Compare(a, c) <= 0);
        }
    });

    [Theory]
    [InlineData("/orders", "/orders", true)]
    [InlineData("/orders", "/orders/", true)]
    [InlineData("/orders/", "/orders", true)]
    [InlineData("/orders", "/orders/7", true)]
    [InlineData("/orders", "/ordersx", false)]
    [InlineData("/orders", "/ORDERS", false)]
    [InlineData("/", "/anything", true)]
    public void A_prefix_is_one_of_whole_segments(string prefix, string path, bool matches) => Assert.Equal(matches, PathPattern.Prefix(prefix).Matches(path));

    [Fact]
    public void An_expression_must_match_the_whole_path()
    {
        var pattern = new PathPattern(PathPatternKind.Regex, "/o|/a", SafeRegex.TryCompile("/o|/a", out _));

        Assert.True(pattern.Matches("/o"));
        Assert.False(pattern.Matches("/orders"));
        Assert.False(pattern.Matches("/x/a"));
        Assert.False(pattern.Matches("/o\n"));
    }

    [Theory]
    [InlineData("(?=x)y")]
    [InlineData("(unclosed")]
    [InlineData("((a{1,1000}){1,1000}){1,1000}")]
    public void An_expression_that_could_explode_or_is_none_is_refused(string pattern)
    {
        Assert.Null(SafeRegex.TryCompile(pattern, out var problem));
        Assert.False(string.IsNullOrEmpty(problem));
    }
}

using CsCheck;
using Gateway.Routing;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing;

public sealed class HostnameTests
{
    private static readonly Gen<string> Name = AnyOf.These("a", "b").Array[1, 3].Select(labels => string.Join('.', labels));
    private static readonly Gen<string?> Any = Gen.OneOf(Name.Select(name => (string?)name), Name.Select(name => (string?)("*." + name)), Gen.Const((string?)null));

    [Fact]
    public void An_intersection_covers_exactly_the_hosts_that_both_cover() => Gen.Select(Any, Any, Name).Sample((listener, route, host) =>
    {
        var isCommon = Hostname.TryIntersect(listener, route, out var both);

        Assert.Equal(Hostname.Covers(listener, host) && Hostname.Covers(route, host), isCommon && Hostname.Covers(both, host));
    });

    [Theory]
    [InlineData("*.example.com", "test.example.com", true)]
    [InlineData("*.example.com", "foo.test.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "badexample.com", false)]
    [InlineData("example.com", "example.com", true)]
    [InlineData(null, "anything", true)]
    public void A_wildcard_stands_for_one_label_or_more(string? hostname, string host, bool covers) => Assert.Equal(covers, Hostname.Covers(hostname, host));
}

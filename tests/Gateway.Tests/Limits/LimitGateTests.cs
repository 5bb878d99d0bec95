using System.Net;
using Gateway.Limits;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Limits;

public sealed class LimitGateTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly RateLimit One = new() { Name = "one", Requests = 1, Window = TimeSpan.FromMinutes(1) };

    [Fact]
    public void Addresses_of_one_IPv6_network_are_one_caller()
    {
        LimitCounters[] limits = [new(One with { By = RateLimitKey.Address })];

        Assert.Null(Check(limits, "2001:db8:1:2::1").Refused);
        Assert.NotNull(Check(limits, "2001:db8:1:2:ffff::1").Refused);
        Assert.Null(Check(limits, "2001:db8:1:3::1").Refused);
        Assert.Null(Check(limits, "10.0.0.1").Refused);
        Assert.Null(Check(limits, "10.0.0.2").Refused);
    }

    [Fact]
    public void Callers_without_the_header_share_one_count()
    {
        LimitCounters[] limits = [new(One with { By = RateLimitKey.Header, ByName = "user-id" })];

        Assert.Null(Check(limits, "10.0.0.1").Refused);
        Assert.NotNull(Check(limits, "10.0.0.2").Refused);
    }

    [Fact]
    public void A_very_long_header_is_a_caller_like_any_other()
    {
        LimitCounters[] limits = [new(One with { By = RateLimitKey.Header, ByName = "user-id" })];

        Assert.Null(Check(limits, "10.0.0.1", new string('x', 10_000) + "1").Refused);
        Assert.NotNull(Check(limits, "10.0.0.1", new string('x', 10_000) + "2").Refused); // told apart by what is kept of it
    }

    private static LimitOutcome Check(IReadOnlyList<LimitCounters> limits, string address, string? user = null)
    {
        var context = new DefaultHttpContext();
        if (user is not null)
        {
            context.Request.Headers["user-id"] = user;
        }

        return LimitGate.Check(limits, context, IPAddress.Parse(address), Now);
    }
}

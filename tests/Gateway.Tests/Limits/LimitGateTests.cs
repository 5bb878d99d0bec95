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
    public async Task Addresses_of_one_IPv6_network_are_one_caller()
    {
        LimitCounters[] limits = [new(One with { By = RateLimitKey.Address })];

        Assert.Null((await CheckAsync(limits, "2001:db8:1:2::1")).Refused);
        Assert.NotNull((await CheckAsync(limits, "2001:db8:1:2:ffff::1")).Refused);
        Assert.Null((await CheckAsync(limits, "2001:db8:1:3::1")).Refused);
        Assert.Null((await CheckAsync(limits, "10.0.0.1")).Refused);
        Assert.Null((await CheckAsync(limits, "10.0.0.2")).Refused);
    }

    [Fact]
    public async Task Callers_without_the_header_share_one_count()
    {
        LimitCounters[] limits = [new(One with { By = RateLimitKey.Header, ByName = "user-id" })];

        Assert.Null((await CheckAsync(limits, "10.0.0.1")).Refused);
        Assert.NotNull((await CheckAsync(limits, "10.0.0.2")).Refused);
    }

    [Fact]
    public async Task A_very_long_header_is_a_caller_like_any_other()
    {
        LimitCounters[] limits = [new(One with { By = RateLimitKey.Header, ByName = "user-id" })];

        Assert.Null((await CheckAsync(limits, "10.0.0.1", new string('x', 10_000) + "1")).Refused);
        Assert.NotNull((await CheckAsync(limits, "10.0.0.1", new string('x', 10_000) + "2")).Refused); // told apart by what is kept of it
    }

    private static ValueTask<LimitOutcome> CheckAsync(IReadOnlyList<ILimitCounter> limits, string address, string? user = null)
    {
        var context = new DefaultHttpContext();
        if (user is not null)
        {
            context.Request.Headers["user-id"] = user;
        }

        return LimitGate.CheckAsync(limits, context, IPAddress.Parse(address), Now);
    }
}

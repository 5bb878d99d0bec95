using Gateway.Policies;
using Gateway.Reporting;

namespace Gateway.Tests.Reporting;

public sealed class CallerMaskTests
{
    private readonly CallerMask _mask = new();

    [Theory]
    [InlineData("203.0.113.7", @"^203\.0\.x\.x #[0-9a-f]{8}$")]
    [InlineData("2001:db8:1:2::", "^2001:0db8:x #[0-9a-f]{8}$")]
    public void Of_an_address_only_the_first_half_is_told(string address, string masked) => Assert.Matches(masked, _mask.Of(Limit(RateLimitKey.Address), address));

    [Fact]
    public void Of_headers_and_claims_nothing_is_told_but_that_they_differ()
    {
        var (asha, ravi) = (_mask.Of(Limit(RateLimitKey.Claim), "asha@example.com"), _mask.Of(Limit(RateLimitKey.Claim), "ravi@example.com"));

        Assert.Matches("^#[0-9a-f]{8}$", asha);
        Assert.NotEqual(asha, ravi);
        Assert.Equal(asha, _mask.Of(Limit(RateLimitKey.Claim), "asha@example.com"));
    }

    [Fact]
    public void The_mark_of_a_caller_is_another_one_after_a_restart() =>
        Assert.NotEqual(_mask.Of(Limit(RateLimitKey.Address), "203.0.113.7"), new CallerMask().Of(Limit(RateLimitKey.Address), "203.0.113.7"));

    [Theory]
    [InlineData(RateLimitKey.All, "", "everyone")]
    [InlineData(RateLimitKey.Header, "", "callers without it")]
    public void Those_who_share_a_count_have_a_word_for_it(RateLimitKey by, string caller, string word) => Assert.Equal(word, _mask.Of(Limit(by), caller));

    private static RateLimit Limit(RateLimitKey by) => new() { Name = "all", Requests = 1, Window = TimeSpan.FromSeconds(1), By = by };
}

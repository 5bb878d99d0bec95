using ControlPlane.Kubernetes.Resources.Rollouts;
using CsCheck;
using Gateway.Policies;
using Gateway.Rollouts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Rollouts;

public sealed class TrackDrawTests
{
    private static readonly HttpRequest Any = new DefaultHttpContext().Request;

    [Theory]
    [InlineData(BalancingAlgorithm.RoundRobin)]
    [InlineData(BalancingAlgorithm.ConsistentHash)]
    public void The_canary_gets_its_share(BalancingAlgorithm algorithm)
    {
        const int Requests = 100_000;
        var split = new TrackSplit(7, Match: null, 0, Salt: 1);

        var trials = Enumerable.Range(0, Requests).Count(user => TrackDraws.Of(split, Any, algorithm, Gateway.Backends.StableHash.Of($"u-{user}")) == TrackDraw.Trial);

        Assert.InRange(trials, 6_500, 7_500); // six standard deviations
    }

    [Theory]
    [InlineData(0, nameof(TrackDraw.Stable))]
    [InlineData(100, nameof(TrackDraw.Whole))]
    public void None_and_all_are_exact(int weight, string expected) =>
        Assert.All(Enumerable.Range(0, 1000), user => Assert.Equal(Enum.Parse<TrackDraw>(expected), TrackDraws.Of(new(weight, Match: null, 0, 0), Any, (BalancingAlgorithm)(user % 4), (ulong)user * 0x9e3779b97f4a7c15)));

    [Fact]
    public void Whoever_is_hashed_to_the_canary_stays_there_while_its_weight_grows() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 99], Gen.Int[0, 99]).Sample((hash, salt, a, b) =>
        {
            var (less, more) = (Draw(Math.Min(a, b)), Draw(Math.Max(a, b)));
            Assert.Equal(less, Draw(Math.Min(a, b)));
            Assert.True(less == TrackDraw.Stable || more == TrackDraw.Trial);

            TrackDraw Draw(int weight) => TrackDraws.Of(new(weight, Match: null, 0, salt), Any, BalancingAlgorithm.ConsistentHash, hash);
        });

    [Fact]
    public void Another_revision_draws_other_users()
    {
        var (first, second) = (new TrackSplit(20, null, 0, Salt: 11), new TrackSplit(20, null, 0, Salt: 12));

        var both = Enumerable.Range(0, 10_000).Select(user => Gateway.Backends.StableHash.Of($"u-{user}")).Count(user => IsTrial(first, user) && IsTrial(second, user));

        Assert.InRange(both, 280, 520); // a fifth of a fifth

        static bool IsTrial(TrackSplit split, ulong user) => TrackDraws.Of(split, Any, BalancingAlgorithm.ConsistentHash, user) == TrackDraw.Trial;
    }

    [Theory]
    [InlineData("yes", "a=1; beta=on", true)]
    [InlineData("yes", "beta=on", true)]
    [InlineData("yes", "beta=\"on\"; c=3", true)]
    [InlineData("no", "beta=on", false)]
    [InlineData("yes", "beta=off", false)]
    [InlineData("yes", "xbeta=on", false)]
    [InlineData("yes", null, false)]
    [InlineData(null, "beta=on", false)]
    public void A_request_matches_with_all_headers_and_all_cookies(string? header, string? cookie, bool matches)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["x-tester"] = header;
        request.Headers.Cookie = cookie;
        var match = new RolloutMatch { Headers = [new() { Name = "X-Tester", Value = "yes" }], Cookies = [new() { Name = "beta", Value = "on" }] };

        Assert.Equal(matches ? TrackDraw.Trial : TrackDraw.Stable, TrackDraws.Of(new(0, match, 0, 0), request, BalancingAlgorithm.RoundRobin, 0));
    }

    [Fact]
    public void A_match_of_nothing_matches_nothing() => Assert.Equal(TrackDraw.Stable, TrackDraws.Of(new(0, new RolloutMatch(), 0, 0), Any, BalancingAlgorithm.RoundRobin, 0));
}

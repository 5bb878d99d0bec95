using Gateway.Backends;
using Gateway.Policies;

namespace Gateway.Tests.Backends;

public sealed class BalancerTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    private readonly Balancer _balancer = new();
    private readonly EndpointSet _set = new([.. Enumerable.Range(1, 4).Select(number => new BackendEndpoint($"10.0.0.{number}", 80, $"10.0.0.{number}"))], isHttp2: false);

    [Fact]
    public void Round_robin_goes_round()
    {
        var chosen = Enumerable.Range(0, 8).Select(_ => Choose(BalancingAlgorithm.RoundRobin)).ToList();

        Assert.Equal(chosen[..4], chosen[4..]);
        Assert.Equal(4, chosen.Distinct().Count());
    }

    [Theory]
    [InlineData(BalancingAlgorithm.RoundRobin)]
    [InlineData(BalancingAlgorithm.Random)]
    [InlineData(BalancingAlgorithm.LeastRequest)]
    [InlineData(BalancingAlgorithm.ConsistentHash)]
    public void What_was_tried_or_is_left_out_is_chosen_only_if_there_is_nothing_else(BalancingAlgorithm algorithm)
    {
        var all = _set.Endpoints;
        all[0].Health.Eject(new(1, TimeSpan.FromMinutes(1), 100), Now);

        Assert.All(Enumerable.Range(0, 50), hash => Assert.Same(all[3], Choose(algorithm, (ulong)hash * 7919, all[1], all[2])));
        Assert.All(Enumerable.Range(0, 50), hash => Assert.NotSame(all[0], Choose(algorithm, (ulong)hash * 7919, all[1], all[2], all[3])));
    }

    [Fact]
    public void When_all_are_left_out_one_is_tried_all_the_same()
    {
        Assert.All(_set.Endpoints, endpoint => endpoint.Health.Eject(new(1, TimeSpan.FromMinutes(1), 100), Now));

        Assert.NotNull(Choose(BalancingAlgorithm.RoundRobin));
    }

    [Fact]
    public void The_busiest_is_never_the_less_busy_of_two_different_ones()
    {
        for (var i = 0; i < 10; i++)
        {
            _set.Endpoints[2].Begin();
        }

        var chosen = Enumerable.Range(0, 1000).Count(_ => Choose(BalancingAlgorithm.LeastRequest) == _set.Endpoints[2]);

        Assert.InRange(chosen, 0, 150); // only when it is drawn twice: one in sixteen
    }

    [Fact]
    public void Of_none_there_is_none() => Assert.Null(_balancer.Choose(EndpointSet.Empty, BalancingAlgorithm.RoundRobin, 0, [], Now));

    private BackendEndpoint? Choose(BalancingAlgorithm algorithm, ulong hash = 0, params BackendEndpoint[] tried) => _balancer.Choose(_set, algorithm, hash, tried, Now);
}

using CsCheck;
using Gateway.Limits;
using Gateway.Limits.Shared;
using Gateway.Policies;
using Gateway.Tests.Testing;
using StackExchange.Redis;

namespace Gateway.Tests.Limits.Shared;

/// <summary>The window in Redis, held against the one in the process, which is held against a reference of its own.</summary>
public sealed class SharedWindowTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private ConnectionMultiplexer _connection = null!;
    private int _key;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _connection = await _redis.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            await _redis.DisposeAsync();
        }
    }

    [Fact]
    public async Task Any_requests_at_any_times_are_counted_as_in_the_process() => await Gen.Select(
            Gen.Int[1, 20], Gen.Int[0, 30], Gen.OneOf(Gen.Const(1), Gen.Const(60)), Gen.Bool, Gen.Int[0, 40_000].Array[1, 80])
        .SampleAsync(
            async (requests, more, seconds, shadow, steps) =>
            {
                var limit = new RateLimit { Name = "all", Requests = requests, Burst = requests + more, Window = TimeSpan.FromSeconds(seconds), Shadow = shadow };
                var (own, key, now) = (new SlidingWindow(limit), $"window-{Interlocked.Increment(ref _key)}", TimeSpan.FromDays(20_000));
                foreach (var step in steps)
                {
                    now += TimeSpan.FromMilliseconds((long)step * seconds / 60);
                    var (verdict, slice) = await SharedWindow.TakeAsync(_connection.GetDatabase(), key, limit, now);
                    Assert.Equal(own.Take(now, shadow), verdict);
                    if (step % 7 == 0 && (verdict.IsWithin || shadow))
                    {
                        own.GiveBack(now);
                        await SharedWindow.GiveBackAsync(_connection.GetDatabase(), key, slice);
                    }
                }
            },
            iter: 60,
            threads: 1);

    [Fact]
    public async Task Many_gateways_at_once_let_through_exactly_as_many_as_the_limit_allows()
    {
        var limit = new RateLimit { Name = "all", Requests = 100, Window = TimeSpan.FromHours(1) };
        await using var other = await _redis.ConnectAsync();
        IDatabase[] gateways = [_connection.GetDatabase(), other.GetDatabase()];

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => SharedWindow.TakeAsync(gateways[i % 2], "together", limit)));

        Assert.Equal(100, verdicts.Count(taken => taken.Verdict.IsWithin));
    }

    [Fact]
    public async Task A_window_that_nobody_asks_for_goes_by_itself()
    {
        var limit = new RateLimit { Name = "all", Requests = 1, Window = TimeSpan.FromMinutes(1) };
        await SharedWindow.TakeAsync(_connection.GetDatabase(), "idle", limit);

        Assert.InRange((await _connection.GetDatabase().KeyTimeToLiveAsync("idle"))!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2.1));
    }
}

using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Limits;
using Gateway.Limits.Shared;
using Gateway.Policies;
using Gateway.Reporting;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Limits.Shared;

public sealed class SharedCountersTests : IAsyncLifetime
{
    private static readonly ObjectKey Service = new("shop", "order");
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    private readonly TestClock _clock = new();
    private readonly List<SharedStore> _stores = [];
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [Fact]
    public async Task Two_gateways_share_one_count_by_caller_and_what_one_gives_back_the_other_may_use()
    {
        var (one, other) = (Gateway(3), Gateway(3));

        var first = await TakeAsync(one, "a");
        Assert.Equal((true, true, false), ((await TakeAsync(other, "a")).IsWithin, (await TakeAsync(one, "a")).IsWithin, (await TakeAsync(other, "a")).IsWithin));
        Assert.True((await TakeAsync(other, "b")).IsWithin);

        await one.GiveBackAsync("a", Now, first, TestContext.Current.CancellationToken);
        Assert.True((await TakeAsync(other, "a")).IsWithin);
        Assert.Equal((1, 1), (Used(one, "a"), Used(other, "b")));
    }

    [Fact]
    public async Task While_Redis_is_away_each_counts_by_itself_from_what_it_knows_and_says_so()
    {
        var shortfalls = new Shortfalls();
        var gateway = Gateway(3, shortfalls);
        await TakeAsync(gateway, "a");
        await TakeAsync(gateway, "a");
        Assert.Empty(shortfalls.Of(Service));

        await _redis.KillAsync();

        Assert.Equal((true, false), ((await TakeAsync(gateway, "a")).IsWithin, (await TakeAsync(gateway, "a")).IsWithin));
        Assert.Equal(["spec.counter: each gateway counts by itself: Redis does not answer"], shortfalls.Of(Service));

        await _redis.RunAsync();
        await UntilHeardAsync(gateway, shortfalls);

        Assert.Empty(shortfalls.Of(Service)); // and it begins anew: what Redis knew died with it
    }

    [Fact]
    public async Task Without_a_Redis_it_counts_by_itself_and_says_so()
    {
        var shortfalls = new Shortfalls();
        var counters = new SharedCounters(Service, new LimitCounters(Limit(1)), store: null, shortfalls);

        Assert.Equal((true, false), ((await TakeAsync(counters, "a")).IsWithin, (await TakeAsync(counters, "a")).IsWithin));
        Assert.Equal(["spec.counter: each gateway counts by itself: no Redis is configured (Traffic:SharedCounters)"], shortfalls.Of(Service));
    }

    private SharedCounters Gateway(int requests, Shortfalls? shortfalls = null)
    {
        var store = new SharedStore(_redis.Configuration, _clock, NullLogger<SharedStore>.Instance);
        _stores.Add(store);
        return new(Service, new LimitCounters(Limit(requests)), store, shortfalls ?? new());
    }

    /// <summary>The client connects again when it likes, a second or so later; each try after the pause asks it.</summary>
    private async Task UntilHeardAsync(SharedCounters gateway, Shortfalls shortfalls)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (shortfalls.Of(Service).Count > 0)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await gateway.TakeAsync("other", Now, limit.Token);
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static ValueTask<WindowVerdict> TakeAsync(ILimitCounter counters, string caller) => counters.TakeAsync(caller, Now, TestContext.Current.CancellationToken);

    private static int Used(ILimitCounter counters, string caller) => counters.Own.Look(Now, 10).Busiest.Single(busiest => busiest.Caller == caller).Use.Used;

    private static RateLimit Limit(int requests) => new() { Name = "all", Requests = requests, Window = TimeSpan.FromHours(1), Shared = true };
}

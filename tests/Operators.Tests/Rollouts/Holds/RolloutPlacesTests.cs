using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.Time.Testing;
using Operators.Rollouts;
using Operators.Rollouts.Holds;
using Operators.Tests.Testing;

namespace Operators.Tests.Rollouts.Holds;

public sealed class RolloutPlacesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 6, 30, 0, TimeSpan.Zero);

    private readonly KnownFleet _fleet = new();
    private readonly FakeTimeProvider _time = new(Now);

    private RolloutPlaces Places => field ??= new(_fleet.Caches, new RolloutOptions { MostPerNamespace = 2, MostInFleet = 3 }, _time);

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void As_many_of_a_namespace_and_of_the_fleet_get_requests_as_may()
    {
        Assert.Null(Take("shop/a"));
        Assert.Null(Take("shop/b"));
        Assert.Equal("2 rollouts of namespace shop are under way, which is as many as may be (Rollouts:MostPerNamespace)", Take("shop/c"));
        Assert.Null(Take("bank/a"));
        Assert.Equal("3 rollouts of the fleet are under way, which is as many as may be (Rollouts:MostInFleet)", Take("bank/b"));
        Assert.Null(Take("shop/a")); // it has its place
    }

    [Fact]
    public void A_place_is_kept_by_the_requests_and_a_while_before_them()
    {
        Take("shop/a");
        Take("shop/b");
        var a = Waiting("shop/a");
        _fleet.Caches.Rollouts.Cache.Upsert(a with { Status = a.Status! with { TrafficSince = Now } });

        _time.Advance(TimeSpan.FromSeconds(61)); // b never got on
        Assert.Null(Take("shop/c"));
        Assert.NotNull(Take("shop/d"));
    }

    [Fact]
    public void What_has_requests_or_nothing_on_its_way_takes_no_place()
    {
        var waiting = Waiting("shop/x");
        CanaryRolloutStatus[] none =
        [
            waiting.Status! with { TrafficSince = Now },
            waiting.Status! with { CanaryRevision = null },
            waiting.Status! with { Step = new() { Index = 0 } }, // it waits for a person
        ];
        foreach (var status in none)
        {
            Assert.Null(Places.Take(waiting with { Status = status }));
        }

        Assert.Null(Take("shop/a"));
        Assert.Null(Take("shop/b"));
    }

    private string? Take(string rollout) => Places.Take(Waiting(rollout))?.Message;

    private static CanaryRollout Waiting(string rollout) => new()
    {
        Metadata = new() { Namespace = rollout.Split('/')[0], Name = rollout.Split('/')[1], Uid = rollout, ResourceVersion = "1" },
        Spec = new() { Steps = [new() { Pause = new() }, new() { SetWeight = 10 }, new() { SetWeight = 100 }] },
        Status = new() { CanaryRevision = "r2", Step = new() { Index = 1 } },
    };
}

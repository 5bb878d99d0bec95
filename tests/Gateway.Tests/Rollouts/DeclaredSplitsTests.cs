using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Gateway.Resources;
using Gateway.Rollouts;

namespace Gateway.Tests.Rollouts;

public sealed class DeclaredSplitsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);
    private static readonly ObjectKey Front = new("shop", "order-web");

    private readonly ObjectCache<ManagedService> _services = new();
    private readonly ObjectCache<RolloutTraffic> _rollouts = new();
    private readonly List<ObjectKey> _told = [];
    private readonly DeclaredSplits _splits;

    public DeclaredSplitsTests()
    {
        _splits = new(_services, _rollouts);
        _splits.Subscribe(_told.Add);
    }

    [Fact]
    public void The_service_in_front_of_a_member_goes_by_the_oldest_rollout_that_moves_it()
    {
        Serve("order", Front.Name);
        Move("young", 50, Start.AddMinutes(1));
        Move("old", 5, Start);
        Move("of-another", 90, Start.AddMinutes(-1), member: "cart");

        Assert.Equal(5, _splits.For(Front)!.Weight);
        Assert.Null(_splits.For(new("shop", "order")));
        Assert.Null(_splits.For(new("elsewhere", Front.Name)));
    }

    [Fact]
    public void Changes_of_what_concerns_requests_are_told_and_others_are_not()
    {
        Serve("order", Front.Name);
        Move("order", 5, Start);
        _told.Clear();

        Move("order", 5, Start);
        Assert.Empty(_told);

        Move("order", 25, Start);
        Move("order", 25, Start, match: "beta");
        _rollouts.Remove(new("shop", "order"), last: null);
        Assert.Equal([Front, Front, Front], _told);
    }

    [Fact]
    public void Another_front_is_told_with_the_one_before()
    {
        Serve("order", Front.Name);
        _told.Clear();

        Serve("order", "other");

        Assert.Equal([Front, new("shop", "other")], _told);
    }

    private void Serve(string name, string front) => _services.Upsert(new ManagedService
    {
        Metadata = new() { Name = name, Namespace = "shop", CreationTimestamp = Start },
        Spec = new() { WorkloadRef = new() { Kind = "Deployment", Name = name, Service = front } },
    });

    private void Move(string name, int weight, DateTimeOffset created, string member = "order", string? match = null) => _rollouts.Upsert(new RolloutTraffic
    {
        Metadata = new() { Name = name, Namespace = "shop", CreationTimestamp = created },
        Status = new() { Weight = weight, Members = [new() { Service = member }], Match = match is null ? null : new() { Cookies = [new() { Name = match, Value = "on" }] } },
    });
}

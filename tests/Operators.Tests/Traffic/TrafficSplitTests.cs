using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Tests.Testing;
using Operators.Traffic;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic;

/// <summary>What of a rollout concerns the objects of a data plane.</summary>
public sealed class TrafficSplitTests
{
    private static readonly CanaryRollout Rollout = new()
    {
        Metadata = new() { Name = "checkout", Namespace = Samples.Namespace },
        Status = new() { Weight = 5, Members = [new() { Service = "order" }, new() { Service = "payment" }] },
    };

    [Fact]
    public void Only_members_have_a_split_and_none_of_a_rollout_that_goes()
    {
        Assert.Equal(new TrafficSplit(5), TrafficSplit.Of(Rollout, Samples.Key("payment")));
        Assert.Null(TrafficSplit.Of(Rollout, Samples.Key("cart")));
        Assert.Null(TrafficSplit.Of(Rollout, Samples.Key("order", "elsewhere")));
        Assert.Null(TrafficSplit.Of(Rollout with { Status = null }, Samples.Key("order")));
        Assert.Null(TrafficSplit.Of(Rollout with { Metadata = Rollout.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } }, Samples.Key("order")));
    }

    [Fact]
    public void A_change_of_weight_match_or_mirror_concerns_the_members()
    {
        ObjectKey[] both = [Samples.Key("order"), Samples.Key("payment")];

        Assert.Equal(both, Concerned(static status => status with { Weight = 25 }));
        Assert.Equal(both, Concerned(static status => status with { Mirror = 10 }));
        Assert.Equal(both, Concerned(static status => status with { Match = Match("yes") }));
        Assert.Equal([Samples.Key("payment")], Concerned(static status => status with { Members = [.. status.Members.Take(1)] }));
        Assert.Equal(both, TrafficController.SplitBy(new(Rollout, New: null, Initial: false)));
    }

    [Fact]
    public void Evidence_and_words_concern_nobody()
    {
        Assert.Empty(Concerned(static status => status with { Observed = new() { Canary = 5, Total = 100 }, Progress = "2/4" }));
        Assert.Empty(TrafficController.SplitBy(new(With(Match("yes")), With(Match("yes")), Initial: false))); // the same, read twice
        Assert.Empty(TrafficController.SplitBy(new(Old: null, Rollout, Initial: true)));

        static CanaryRollout With(RolloutMatch match) => Rollout with { Status = Rollout.Status! with { Match = match } };
    }

    private static RolloutMatch Match(string value) => new() { Headers = [new() { Name = "x-tester", Value = value }] };

    private static IEnumerable<ObjectKey> Concerned(Func<CanaryRolloutStatus, CanaryRolloutStatus> change) =>
        TrafficController.SplitBy(new CacheChange<CanaryRollout>(Rollout, Rollout with { Status = change(Rollout.Status!) }, Initial: false)).Order(Comparer<ObjectKey>.Create(static (a, b) => string.CompareOrdinal(a.Name, b.Name)));
}

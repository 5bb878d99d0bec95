using CsCheck;
using Operators.Tests.Traffic.Testing;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic;

/// <summary>What holds of every provider, whatever policies say.</summary>
public sealed class ProviderPropertyTests
{
    private static readonly IReadOnlyList<ITrafficProvider> Providers = TrafficProviders.All(new SharedCounterStore("redis.infra"));

    public static TheoryData<string> Names => [.. Providers.Select(provider => provider.Name)];

    /// <summary>All providers in one go: most of the time goes into the policies that they are asked about.</summary>
    [Fact]
    public void Every_setting_is_seen_in_the_objects_or_reported() => Gen.Int.Sample(
        seed =>
        {
            var values = new PolicyValues(new Random(seed));
            var specs = values.Specs();
            var snapshot = specs.Snapshot();
            var plans = Providers.Select(provider => (Provider: provider, Plan: provider.Plan(snapshot))).ToList();
            foreach (var setting in PolicySetting.In(specs))
            {
                if (setting.Changed(specs, values) is not { } changed || !Effect.Of(setting, specs) || !Effect.Of(setting, changed))
                {
                    continue;
                }

                var other = changed.Snapshot();
                foreach (var (provider, plan) in plans)
                {
                    var otherPlan = provider.Plan(other);
                    Assert.True(
                        Reads(provider) || setting.IsReported(plan, specs) || setting.IsReported(otherPlan, changed) || PolicySet.Outcome(plan, snapshot) != PolicySet.Outcome(otherPlan, other),
                        $"{provider.Name} drops {setting.PathIn(specs)} in silence:\n{specs.SpecOf(setting.Kind).ToJsonString()}\n{changed.SpecOf(setting.Kind).ToJsonString()}\n{specs.Traffic.ToJsonString()}");
                }
            }
        },
        iter: 400);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_policies_give_the_same_bytes(string name)
    {
        var provider = Providers.Single(provider => provider.Name == name);
        Gen.Int.Sample(
            seed =>
            {
                var specs = new PolicyValues(new Random(seed)).Specs();
                var (first, second) = (provider.Plan(specs.Snapshot()), provider.Plan(specs.Copied().Snapshot()));
                Assert.Equal(first.Objects.Select(item => item.Json.ToArray()), second.Objects.Select(item => item.Json.ToArray()));
                Assert.Equal(first.Unsupported, second.Unsupported);
                Assert.Equal(first.FrontAnnotations, second.FrontAnnotations);
            },
            iter: 200);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Objects_are_of_the_provider_s_kinds_each_under_a_name_of_its_own(string name)
    {
        var provider = Providers.Single(provider => provider.Name == name);
        Gen.Int.Sample(
            seed =>
            {
                var plan = provider.Plan(new PolicyValues(new Random(seed)).Specs().Snapshot());
                Assert.All(plan.Objects, item => Assert.Contains(item.Type, provider.Kinds));
                Assert.Distinct(plan.Objects.Select(item => (item.Type, item.Key)));
                Assert.Equal(plan.Objects, plan.Objects.OrderBy(item => provider.Kinds.ToList().IndexOf(item.Type)));
            },
            iter: 200);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_policies_there_is_nothing(string name)
    {
        var plan = Providers.Single(provider => provider.Name == name).Plan(PolicySet.Empty.Snapshot());

        Assert.Empty(plan.Objects);
        Assert.Empty(plan.Unsupported);
        Assert.Empty(plan.FrontAnnotations);
    }

    [Fact]
    public void No_provider_writes_what_the_registry_owns() =>
        Assert.Empty(Providers.SelectMany(provider => provider.Kinds).Intersect(Operators.Cluster.OwnedKinds.All));

    /// <summary>The embedded gateway reads policies itself: in its objects there is only what HTTPRoutes are for.</summary>
    private static bool Reads(ITrafficProvider provider) => provider.Name == "dabbawala";
}

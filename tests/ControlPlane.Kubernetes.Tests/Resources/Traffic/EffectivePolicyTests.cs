using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Resources.Traffic;

public sealed class EffectivePolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 6, 0, 0, TimeSpan.Zero);

    private static readonly ManagedService Order = new()
    {
        Metadata = new() { Name = "order", Namespace = "shop", Labels = new Dictionary<string, string> { ["tier"] = "critical", ["team"] = "orders" } },
    };

    private static readonly PolicyTargetReference ByName = new() { Kind = PolicyTargetKind.ManagedService, Name = "order" };
    private static readonly PolicyTargetReference ByNamespace = new() { Group = "", Kind = PolicyTargetKind.Namespace, Name = "shop" };
    private static readonly PolicyTargetSelector ByLabel = new() { MatchLabels = new Dictionary<string, string> { ["tier"] = "critical" } };

    [Fact]
    public void A_policy_of_the_service_wins_over_one_of_its_group_and_that_over_one_of_the_namespace_whatever_their_age()
    {
        var policies = new[]
        {
            Timeouts("all", new() { TargetRefs = [ByNamespace] }, "30s", age: 3),
            Timeouts("critical", new() { TargetSelectors = [ByLabel] }, "20s", age: 2),
            Timeouts("order", new() { TargetRefs = [ByName] }, "10s", age: 1),
        };

        var setting = Assert.Single(Effective(policies).Settings);

        Assert.Equal(("spec.timeouts.request", "\"10s\"", "order", PolicyScope.Service), (setting.Field, setting.Value.ToJsonString(), setting.From.Key.Name, setting.From.Scope));
        Assert.Equal([("critical", "\"20s\""), ("all", "\"30s\"")], setting.Lost.Select(lost => (lost.From.Key.Name, lost.Value.ToJsonString())));
        Assert.Equal("10s", Effective(policies).Traffic.Timeouts!.Request);
    }

    [Fact]
    public void Among_equals_the_older_wins_and_then_the_name()
    {
        Assert.Equal("a", Effective(Timeouts("a", new() { TargetRefs = [ByName] }, "1s", age: 5), Timeouts("b", new() { TargetRefs = [ByName] }, "2s", age: 1)).Settings[0].From.Key.Name);
        Assert.Equal("b", Effective(Timeouts("a", new() { TargetRefs = [ByName] }, "1s", age: 1), Timeouts("b", new() { TargetRefs = [ByName] }, "2s", age: 5)).Settings[0].From.Key.Name);
        Assert.Equal("a", Effective(Timeouts("b", new() { TargetRefs = [ByName] }, "2s", age: 1), Timeouts("a", new() { TargetRefs = [ByName] }, "1s", age: 1)).Settings[0].From.Key.Name);
    }

    [Fact]
    public void A_policy_that_says_nothing_of_a_setting_leaves_it_to_those_of_wider_scope()
    {
        var effective = Effective(
            Policy("all", new() { TargetRefs = [ByNamespace], Timeouts = new() { Request = "30s", BackendRequest = "5s" }, MaxRequestBytes = 1024 }),
            Policy("order", new() { TargetRefs = [ByName], Timeouts = new() { Request = "10s" }, Retries = new() { Attempts = 0 } }));

        Assert.Equal(("10s", "5s"), (effective.Traffic.Timeouts!.Request, effective.Traffic.Timeouts.BackendRequest));
        Assert.Equal((1024, 0), (effective.Traffic.MaxRequestBytes, effective.Traffic.Retries!.Attempts));
    }

    [Fact]
    public void Named_limits_of_all_policies_hold_together_and_the_same_name_is_the_same_limit()
    {
        RateLimitPolicy Limits(string name, PolicyTargetReference target, params (string Name, int Requests)[] limits) => new()
        {
            Metadata = Meta(name, 1),
            Spec = new() { TargetRefs = [target], Limits = [.. limits.Select(limit => new RequestLimit { Name = limit.Name, Requests = limit.Requests, Per = LimitWindow.Minute })] },
        };

        var effective = EffectivePolicy.Of(Order, [], [Limits("all", ByNamespace, ("default", 1000), ("login", 5)), Limits("order", ByName, ("orders", 60), ("default", 50))], []);

        Assert.Equal([("orders", 60), ("default", 50), ("login", 5)], effective.RateLimit.Limits.Select(limit => (limit.Name, limit.Requests)));
        Assert.Equal("all", Assert.Single(effective.Settings, setting => setting.Lost.Count > 0).Lost[0].From.Key.Name);
    }

    [Fact]
    public void A_policy_reaches_no_service_of_another_namespace_or_name_or_with_other_labels_and_none_while_it_is_deleted()
    {
        TrafficPolicySpec said = new() { Timeouts = new() { Request = "1s" } };
        TrafficPolicy[] strangers =
        [
            Policy("other-namespace", said with { TargetRefs = [ByName, ByNamespace] }) with { Metadata = Meta("other-namespace", 1) with { Namespace = "bank" } },
            Policy("other-name", said with { TargetRefs = [ByName with { Name = "payment" }] }),
            Policy("a-namespace-that-is-not-its-own", said with { TargetRefs = [ByNamespace with { Name = "order" }] }),
            Policy("other-labels", said with { TargetSelectors = [new() { MatchLabels = new Dictionary<string, string> { ["tier"] = "critical", ["team"] = "payments" } }] }),
            Policy("no-labels", said with { TargetSelectors = [new()] }),
            Policy("deleted", said with { TargetRefs = [ByName] }) with { Metadata = Meta("deleted", 1) with { DeletionTimestamp = Start } },
        ];

        Assert.True(Effective(strangers).IsEmpty);
    }

    [Fact]
    public void A_forced_circuit_comes_with_the_policy_that_forces_it()
    {
        CircuitPolicy Circuit(string name, PolicyTargetReference target, CircuitPolicySpec spec) => new() { Metadata = Meta(name, 1), Spec = spec with { TargetRefs = [target] } };

        var effective = EffectivePolicy.Of(
            Order, [], [],
            [Circuit("all", ByNamespace, new() { ConsecutiveErrors = 5, OpenFor = "30s", Pool = new() { MaxPending = 50 } }), Circuit("hands-off", ByName, new() { Force = new() { State = ForcedCircuitState.Open, Until = Start, Reason = "bank is down" } })]);

        Assert.Equal((5, ForcedCircuitState.Open, 50), (effective.Circuit.ConsecutiveErrors, effective.Circuit.Force!.State, effective.Circuit.Pool!.MaxPending));
        Assert.Equal(["spec.force", "spec.consecutiveErrors", "spec.openFor", "spec.pool.maxPending"], effective.Settings.Select(setting => setting.Field));
    }

    [Fact]
    public void What_holds_is_the_same_in_whatever_order_the_policies_are_read_and_nothing_that_anyone_says_is_missing() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.String[Gen.Char['a', 'c'], 1, 1].Array[0, 3], Gen.Int[0, 1]).Array[0, 6].Sample(parts =>
        {
            var policies = parts.Select((part, i) => Policy(
                $"p{i}",
                new()
                {
                    TargetRefs = part.Item1 == 0 ? [ByName] : part.Item1 == 1 ? [ByNamespace] : [],
                    TargetSelectors = part.Item1 == 2 ? [ByLabel] : [],
                    Timeouts = part.Item4 == 0 ? null : new() { Request = $"{i}s" },
                    Routes = [.. part.Item3.Distinct().Select(name => new TrafficRoute { Name = name })],
                },
                part.Item2)).ToArray();

            var (one, other) = (Effective(policies), Effective([.. policies.Reverse()]));

            Assert.Equal(JsonSerializer.Serialize(one.Traffic, KubeJson.Options), JsonSerializer.Serialize(other.Traffic, KubeJson.Options));
            var said = policies.Sum(policy => policy.Spec.Routes.Count + (policy.Spec.Timeouts is null ? 0 : 1));
            Assert.Equal(said, one.Settings.Sum(setting => 1 + setting.Lost.Count));
            Assert.All(one.Settings, setting => Assert.All(setting.Lost, lost => Assert.True(AttachedPolicy.Precedence.Compare(setting.From, lost.From) < 0)));
        });

    private static EffectivePolicy Effective(params TrafficPolicy[] policies) => EffectivePolicy.Of(Order, policies, [], []);

    private static TrafficPolicy Timeouts(string name, TrafficPolicySpec target, string request, int age) => Policy(name, target with { Timeouts = new() { Request = request } }, age);

    private static TrafficPolicy Policy(string name, TrafficPolicySpec spec, int age = 1) => new() { Metadata = Meta(name, age), Spec = spec };

    private static ObjectMeta Meta(string name, int age) => new() { Name = name, Namespace = "shop", CreationTimestamp = Start.AddDays(-age) };
}

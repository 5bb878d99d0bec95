using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using Operators.Tests.Testing;
using Operators.Traffic.Providers;
using Operators.Traffic.Providers.Embedded;

namespace Operators.Tests.Traffic;

public sealed class EmbeddedProviderTests
{
    /// <summary>What the gateway has not, and the field that is told.</summary>
    public static TheoryData<string, TrafficPolicySpec, RateLimitPolicySpec, CircuitPolicySpec> Gaps => new()
    {
        { "spec.gatewayRefs", new() { GatewayRefs = [new() { Name = "public" }] }, new(), new() },
        { "spec.hostnames", new() { Hostnames = ["shop.example"] }, new(), new() },
        { "spec.routes[v2]", new() { Routes = [new() { Name = "v2" }] }, new(), new() },
        { "spec.mutualTls", new() { MutualTls = new() }, new(), new() },
        { "spec.access", new() { Access = new() }, new(), new() },
        { "spec.limits[user].by", new(), new() { Limits = [new() { Name = "user", By = new() { Type = LimitKeyType.Claim, Name = "sub" } }] }, new() },
        { "spec.ejection.interval", new(), new(), new() { Ejection = new() { Interval = "5s" } } },
        { "spec.pool.maxRequestsPerConnection", new(), new(), new() { Pool = new() { MaxRequestsPerConnection = 10 } } },
    };

    [Theory]
    [MemberData(nameof(Gaps))]
    public void What_the_gateway_has_not_is_told(string field, TrafficPolicySpec traffic, RateLimitPolicySpec limits, CircuitPolicySpec circuit) =>
        Assert.Equal(field, Assert.Single(Plan(traffic, limits, circuit).Unsupported).Field);

    [Fact]
    public void What_it_has_is_not_told_and_nothing_is_written_for_it()
    {
        var plan = Plan(
            new() { Authentication = new(), Access = new(), RequestSchemas = [new() { Name = "order" }], Timeouts = new() { Request = "10s" }, Retries = new() { Attempts = 2 }, LoadBalancing = new() { Algorithm = BalancingAlgorithm.Random }, Cors = new(), MaxRequestBytes = 1, HttpsRedirect = true },
            new() { Counter = LimitCounter.Shared, Shadow = true, Limits = [new() { Name = "a", By = new() { Type = LimitKeyType.Address } }, new() { Name = "b", By = new() { Type = LimitKeyType.Claim, Name = "sub" } }] },
            new() { ConsecutiveErrors = 5, Pool = new() { MaxPending = 50 }, Ejection = new(), Fallback = new() { Type = FallbackType.LastGood } });

        Assert.Empty(plan.Unsupported);
        Assert.Empty(plan.Objects);
    }

    private static ProviderPlan Plan(TrafficPolicySpec traffic, RateLimitPolicySpec limits, CircuitPolicySpec circuit) => new EmbeddedProvider().Plan(
        new(Samples.Service("order"), new EffectivePolicy(Samples.Key("order"), traffic, limits, circuit, []), Samples.Key("order"), 8080, []));
}

using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Validation;

namespace ControlPlane.Kubernetes.Tests.Resources.Traffic;

public sealed class PolicyValidityTests
{
    /// <summary>What is wrong, and the field that the problem names.</summary>
    public static TheoryData<string, TrafficPolicySpec> WrongTraffic => new()
    {
        { "spec.targetRefs[0].name", new() { TargetRefs = [new() { Group = "", Kind = PolicyTargetKind.Namespace, Name = "bank" }] } },
        { "spec.routes[0].matches[0].path.value", Matching(new() { Path = new() { Type = PathMatchType.RegularExpression, Value = "(a" } }) },
        { "spec.routes[0].matches[0].path.value", Matching(new() { Path = new() { Type = PathMatchType.RegularExpression, Value = @"(?<=a)b\1" } }) },
        { "spec.routes[0].matches[0].path.value", Matching(new() { Path = new() { Type = PathMatchType.RegularExpression, Value = "((a{1000}){1000}){1000}" } }) },
        { "spec.routes[0].matches[0].path.value", Matching(new() { Path = new() { Value = "orders" } }) },
        { "spec.routes[0].matches[0].headers[0].value", Matching(new() { Headers = [new() { Name = "v", Type = ValueMatchType.RegularExpression, Value = "[" }] }) },
        { "spec.routes[0].matches[0].queryParams[0].value", Matching(new() { QueryParams = [new() { Name = "v", Type = ValueMatchType.RegularExpression, Value = "[" }] }) },
        { "spec.routes[0].timeouts.backendRequest", new() { Routes = [new() { Name = "a", Timeouts = new() { Request = "1s", BackendRequest = "2s" } }] } },
        { "spec.timeouts.backendRequest", new() { Timeouts = new() { Request = "1s", BackendRequest = "1001ms" } } },
        { "spec.retries.perTryTimeout", new() { Timeouts = new() { Request = "1s" }, Retries = new() { Attempts = 1, PerTryTimeout = "2s" } } },
        { "spec.retries.backoff.max", new() { Retries = new() { Attempts = 1, Backoff = new() { Base = "1s", Max = "10ms" } } } },
        { "spec.cors.allowOrigins", new() { Cors = new() { AllowOrigins = ["*"], AllowCredentials = true } } },
        { "spec.cors.maxAge", new() { Cors = new() { AllowOrigins = ["*"], MaxAge = "25h" } } },
        { "spec.authentication.jwt[0].jwksUri", Issuer("http://keys.example/jwks") },
        { "spec.authentication.jwt[0].jwksUri", Issuer("https://user:secret@keys.example/jwks") },
        { "spec.authentication.jwt[0].jwksUri", Issuer("https://") },
    };

    /// <summary>The same of circuits.</summary>
    public static TheoryData<string, CircuitPolicySpec> WrongCircuits => new()
    {
        { "spec.failureRate.window", new() { FailureRate = new() { Percent = 50, Window = "11m" } } },
        { "spec.openFor", new() { OpenFor = "2h" } },
        { "spec.openFor", new() { OpenFor = "0s" } },
        { "spec.ejection.interval", new() { Ejection = new() { Interval = "2h" } } },
        { "spec.ejection.baseTime", new() { Ejection = new() { BaseTime = "0ms" } } },
        { "spec.fallback.maxAge", new() { Fallback = new() { Type = FallbackType.LastGood, MaxAge = "25h" } } },
    };

    [Theory]
    [MemberData(nameof(WrongTraffic))]
    public void A_wrong_field_of_a_traffic_policy_is_named(string field, TrafficPolicySpec spec) =>
        Assert.Equal(field, Assert.Single(new PolicyValidity().Problems(new TrafficPolicy { Metadata = new() { Namespace = "shop" }, Spec = spec })).Field);

    [Theory]
    [MemberData(nameof(WrongCircuits))]
    public void A_wrong_field_of_a_circuit_policy_is_named(string field, CircuitPolicySpec spec) =>
        Assert.Equal(field, Assert.Single(new PolicyValidity().Problems(new CircuitPolicy { Spec = spec })).Field);

    [Fact]
    public void A_star_within_a_path_of_a_limit_is_named() => Assert.Equal(
        "spec.limits[1].paths[1]",
        Assert.Single(new PolicyValidity().Problems(new RateLimitPolicy { Spec = new() { Limits = [new(), new() { Paths = ["/a/*", "/a/*/b"] }] } })).Field);

    [Fact]
    public void What_is_usual_is_right() => Assert.Empty(new PolicyValidity().Problems(new TrafficPolicy
    {
        Metadata = new() { Namespace = "shop" },
        Spec = new()
        {
            TargetRefs = [new() { Group = "", Kind = PolicyTargetKind.Namespace, Name = "shop" }],
            Routes = [new() { Name = "v2", Matches = [new() { Path = new() { Type = PathMatchType.RegularExpression, Value = "/orders/[0-9]+(/.*)?" }, Headers = [new() { Name = "api-version", Value = "v2" }] }] }],
            Timeouts = new() { Request = "0s", BackendRequest = "3s" },
            Retries = new() { Attempts = 3, PerTryTimeout = "3s", Backoff = new() },
            Cors = new() { AllowOrigins = ["https://shop.example"], AllowCredentials = true, MaxAge = "24h" },
            Authentication = new() { Jwt = [new() { Issuer = "a", JwksUri = "http://kyc.shop.svc:8080/jwks" }, new() { Issuer = "b", JwksUri = "https://keys.example/jwks" }] },
        },
    }));

    private static TrafficPolicySpec Matching(RouteMatch match) => new() { Routes = [new() { Name = "a", Matches = [match] }] };

    private static TrafficPolicySpec Issuer(string keys) => new() { Authentication = new() { Jwt = [new() { Issuer = "a", JwksUri = keys }] } };
}

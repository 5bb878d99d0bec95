using System.Text.Json;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using Gateway.Policies;
using Gateway.Policies.Declared;

namespace Gateway.Tests.Policies;

public sealed class PolicyTranslationTests
{
    [Fact]
    public void Without_policies_nothing_is_limited_broken_or_tried_again() => Assert.Same(ServicePolicy.Default, Translate(""));

    [Fact]
    public void A_traffic_policy_becomes_timeouts_retries_balancing_size_and_headers()
    {
        var traffic = Translate("""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: TrafficPolicy
            metadata: {name: calls, namespace: shop}
            spec:
              targetRefs: [{kind: ManagedService, name: order}]
              timeouts: {request: 10s, backendRequest: 4s}
              retries: {attempts: 3, perTryTimeout: 3s, conditions: [Timeout, ServerError], methods: [GET], backoff: {base: 10ms, max: 1s}, budget: {percent: 50, minimumPerSecond: 1}}
              loadBalancing: {algorithm: ConsistentHash, hashOn: {type: Header, name: user-id}}
              maxRequestBytes: 1024
              httpsRedirect: true
              requestHeaders: {set: [{name: x-a, value: "1"}], remove: [x-b]}
            """).Traffic;

        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3)), (traffic.RequestTimeout, traffic.TryTimeout));
        Assert.Equal(
            (3, FailureKinds.Timeout | FailureKinds.ServerError, 10.0, 1000.0, 50, 1),
            (traffic.Retries!.Attempts, traffic.Retries.On, traffic.Retries.BackoffBase.TotalMilliseconds, traffic.Retries.BackoffMax.TotalMilliseconds, traffic.Retries.BudgetPercent, traffic.Retries.BudgetMinimumPerSecond));
        Assert.Equal(["GET"], traffic.Retries.Methods);
        Assert.Equal(new BalancingOptions { Algorithm = Gateway.Policies.BalancingAlgorithm.ConsistentHash, HashOn = HashOn.Header, HashName = "user-id" }, traffic.Balancing);
        Assert.Equal((1024L, true, "x-b"), (traffic.MaxRequestBytes, traffic.HttpsRedirect, traffic.RequestHeaders.Remove.Single()));
    }

    [Fact]
    public void Who_forces_a_circuit_is_named_while_it_lasts_and_leaves_the_circuit_as_it_was_declared()
    {
        const string Forced = """
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CircuitPolicy
            metadata: {name: order-forced, namespace: shop}
            spec: {targetRefs: [{kind: ManagedService, name: order}], force: {state: Open, until: "2026-11-27T10:00:00Z", reason: a bad release}}
            """;
        var alone = Translate(Forced).Circuit!;
        var over = Translate($$"""
            {{Forced}}
            ---
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CircuitPolicy
            metadata: {name: all, namespace: shop}
            spec: {targetRefs: [{group: "", kind: Namespace, name: shop}], openFor: 10s}
            """).Circuit!;

        Assert.Equal(new ForcedState(Open: true, new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero), "a bad release", "shop/order-forced"), over.Forced);
        Assert.Equal(("shop/all", 5), (over.Policy, over.ConsecutiveErrors));
        Assert.Equal(("shop/order-forced", null, null), (alone.Policy, alone.ConsecutiveErrors, alone.FailureRate));
    }

    [Fact]
    public void Limits_name_the_policy_that_each_comes_from()
    {
        var limits = Translate("""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: RateLimitPolicy
            metadata: {name: default, namespace: shop}
            spec:
              targetRefs: [{group: "", kind: Namespace, name: shop}]
              limits: [{name: all, requests: 1000, per: Minute}, {name: login, requests: 100, per: Hour}]
            ---
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: RateLimitPolicy
            metadata: {name: of-order, namespace: shop}
            spec:
              targetRefs: [{kind: ManagedService, name: order}]
              shadow: true
              headers: false
              limits: [{name: login, requests: 5, per: Minute, burst: 9, by: {type: Header, name: user-id}, methods: [POST], paths: [/login*]}]
            """).Limits.ToDictionary(limit => limit.Name);

        Assert.Equal((1000, TimeSpan.FromMinutes(1), "shop/default", RateLimitKey.All), (limits["all"].Requests, limits["all"].Window, limits["all"].Policy, limits["all"].By));
        Assert.Equal((5, 9, "shop/of-order", "user-id"), (limits["login"].Requests, limits["login"].Burst, limits["login"].Policy, limits["login"].ByName));
        Assert.Equal(["POST"], limits["login"].Methods);
        Assert.Equal(["/login*"], limits["login"].Paths);
        Assert.All(limits.Values, limit => Assert.Equal((true, false), (limit.Shadow, limit.Headers)));
    }

    [Fact]
    public void A_circuit_has_the_defaults_of_its_schema()
    {
        var circuit = Translate("""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CircuitPolicy
            metadata: {name: breaker, namespace: shop}
            spec: {targetRefs: [{kind: ManagedService, name: order}], pool: {maxRequests: 10}}
            """).Circuit!;

        Assert.Equal((5, TimeSpan.FromSeconds(30), 1, 1, 10, "shop/breaker"), (circuit.ConsecutiveErrors, circuit.OpenFor, circuit.Probes, circuit.Successes, circuit.Pool.MaxRequests, circuit.Policy));
        Assert.Null(circuit.FailureRate);
    }

    [Fact]
    public void A_circuit_becomes_what_it_says()
    {
        var circuit = Translate("""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CircuitPolicy
            metadata: {name: breaker, namespace: shop}
            spec:
              targetRefs: [{kind: ManagedService, name: order}]
              failureRate: {percent: 40, minimumRequests: 10, window: 1m}
              countAsError: [GatewayError]
              openFor: 5s
              halfOpen: {probes: 2, successes: 3}
              ejection: {consecutiveErrors: 4, baseTime: 7s, maxPercent: 30}
              fallback: {type: Static, response: {status: 202, contentType: text/plain, body: later}}
              force: {state: Closed, until: "2026-12-01T00:00:00Z", reason: a drill}
            """).Circuit!;

        Assert.Null(circuit.ConsecutiveErrors);
        Assert.Equal(new FailureRateOptions(40, 10, TimeSpan.FromMinutes(1)), circuit.FailureRate);
        Assert.Equal((FailureKinds.GatewayError, TimeSpan.FromSeconds(5), 2, 3), (circuit.CountAsError, circuit.OpenFor, circuit.Probes, circuit.Successes));
        Assert.Equal(new EjectionOptions(4, TimeSpan.FromSeconds(7), 30), circuit.Ejection);
        Assert.Equal(new FallbackResponse(202, "text/plain", "later"), circuit.Fallback);
        Assert.Equal(new ForcedState(Open: false, new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), "a drill", "shop/breaker"), circuit.Forced);
    }

    private static ServicePolicy Translate(string yaml)
    {
        var documents = yaml.Length == 0 ? [] : ManifestReader.Read(yaml, "policies.yaml").ToList();
        IEnumerable<T> Of<T>(string kind) => documents.Where(document => document.Kind == kind).Select(document => document.Json.Deserialize<T>(KubeJson.Options)!);
        var service = new ManagedService { Metadata = new() { Namespace = "shop", Name = "order" } };
        return PolicyTranslation.Of(EffectivePolicy.Of(service, Of<TrafficPolicy>("TrafficPolicy"), Of<RateLimitPolicy>("RateLimitPolicy"), Of<CircuitPolicy>("CircuitPolicy")), [new("shop", "cart")]);
    }
}

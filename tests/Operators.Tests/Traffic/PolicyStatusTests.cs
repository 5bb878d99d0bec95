using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Status;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace Operators.Tests.Traffic;

/// <summary>The traffic operator against an API server.</summary>
public sealed class PolicyStatusTests : IAsyncLifetime
{
    private TestCluster? _cluster;
    private RunningOperators? _operators;

    private TestCluster Cluster => _cluster!;

    private FleetCaches Caches => _operators!.Caches;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(withControllers: false);
        _operators = await RunningOperators.StartAsync(_cluster);
    }

    public async ValueTask DisposeAsync()
    {
        if (_operators is not null)
        {
            await _operators.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_policy_tells_whom_it_reaches_as_services_come_and_change_their_labels()
    {
        await Cluster.ApplyAsync(Policy("critical", "targetSelectors: [{matchLabels: {tier: critical}}]", "timeouts: {request: 10s}"));
        Assert.Equal("TargetNotFound", (await SettledAsync("critical", status => status.Conditions.Find("Accepted"))).Reason);

        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order") with { Metadata = Samples.Service("order").Metadata with { Labels = new Dictionary<string, string> { ["tier"] = "critical" } } }));
        await SettledAsync("critical", status => status.Targets is { Matched: 1 } ? status : null);

        await Cluster.PatchAsync(ControlPlane.Kubernetes.Resources.ManagedService.ResourceType, Samples.Key("order"), """{"metadata":{"labels":{"tier":"low"}}}""");
        await SettledAsync("critical", status => status.Targets is { Matched: 0 } ? status : null);
    }

    [Fact]
    public async Task What_loses_is_told_in_the_status_of_the_policy_that_loses()
    {
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order")));
        await Cluster.ApplyAsync(Policy("all", """targetRefs: [{group: "", kind: Namespace, name: shop}]""", "timeouts: {request: 30s, backendRequest: 5s}"));
        await Cluster.ApplyAsync(Policy("order", "targetRefs: [{kind: ManagedService, name: order}]", "timeouts: {request: 10s}"));

        var lost = await SettledAsync("all", status => status.Overridden is [var one] ? one : null);

        Assert.Equal(new OverriddenSetting { Service = "order", Field = "spec.timeouts.request", By = "order" }, lost);
        var effective = Caches.Policies.EffectiveOf(Caches.Services.Cache.Find(Samples.Key("order"))!);
        Assert.Equal(("10s", "5s"), (effective.Traffic.Timeouts!.Request, effective.Traffic.Timeouts.BackendRequest));
    }

    [Fact]
    public async Task A_wrong_policy_is_named_and_the_others_hold()
    {
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order")));
        await Cluster.ApplyAsync(Policy("wrong", "targetRefs: [{kind: ManagedService, name: order}]", "timeouts: {request: 1s, backendRequest: 2s}"));
        await Cluster.ApplyAsync(Policy("right", "targetRefs: [{kind: ManagedService, name: order}]", "timeouts: {request: 7s}"));

        var wrong = await SettledAsync("wrong", status => status.Conditions.Find("Accepted"));
        Assert.Equal(("Invalid", true), (wrong.Reason, wrong.Message.StartsWith("spec.timeouts.backendRequest: ", StringComparison.Ordinal)));
        await SettledAsync("right", status => status.Conditions.IsTrue("Accepted") ? status : null);
        Assert.Equal("7s", Caches.Policies.EffectiveOf(Caches.Services.Cache.Find(Samples.Key("order"))!).Traffic.Timeouts!.Request);
    }

    [Theory]
    [InlineData("TrafficPolicy", "timeouts: {request: 10s}", "targetRefs")]
    [InlineData("TrafficPolicy", "targetRefs: [{kind: ManagedService, name: order}], routes: [{name: a, backendRefs: [{name: a, weight: 0}, {name: b, weight: 0}]}]", "weights sum to zero")]
    [InlineData("TrafficPolicy", "targetRefs: [{kind: ManagedService, name: order}], loadBalancing: {algorithm: ConsistentHash}", "hashOn")]
    [InlineData("TrafficPolicy", "targetRefs: [{kind: Namespace, name: shop}]", "group")]
    [InlineData("RateLimitPolicy", "targetRefs: [{kind: ManagedService, name: order}], limits: [{name: a, requests: 0, per: Minute}]", "spec.limits[0].requests")]
    [InlineData("RateLimitPolicy", "targetRefs: [{kind: ManagedService, name: order}], limits: [{name: a, requests: -5, per: Minute}]", "spec.limits[0].requests")]
    [InlineData("RateLimitPolicy", "targetRefs: [{kind: ManagedService, name: order}], limits: [{name: a, requests: 5, burst: 4, per: Minute}]", "burst")]
    [InlineData("RateLimitPolicy", "targetRefs: [{kind: ManagedService, name: order}], limits: [{name: a, requests: 5, per: Fortnight}]", "spec.limits[0].per")]
    [InlineData("RateLimitPolicy", "targetRefs: [{kind: ManagedService, name: order}], limits: [{name: a, requests: 5, per: Minute, by: {type: Header}}]", "name says which header")]
    [InlineData("CircuitPolicy", "targetRefs: [{kind: ManagedService, name: order}], force: {state: Open, until: \"2026-11-28T00:00:00Z\"}", "reason")]
    [InlineData("CircuitPolicy", "targetRefs: [{kind: ManagedService, name: order}], openFor: soon", "spec.openFor")]
    public async Task What_the_schema_can_say_is_refused_at_once_with_the_field(string kind, string spec, string named)
    {
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => Cluster.ApplyAsync($"{{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: {kind}, metadata: {{name: bad, namespace: shop}}, spec: {{{spec}}}}}"));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static string Policy(string name, string target, string setting) =>
        $"{{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: TrafficPolicy, metadata: {{name: {name}, namespace: shop}}, spec: {{{target}, {setting}}}}}";

    private Task<T> SettledAsync<T>(string policy, Func<PolicyStatus, T?> find)
        where T : class =>
        Caches.UntilAsync(() => Caches.Policies.Traffic.Cache.Find(Samples.Key(policy))?.Status is { } status ? find(status) : null, () => $"{policy}: {Caches.Policies.Traffic.Cache.Find(Samples.Key(policy))?.Status}");
}

using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Status;
using Operators.Cluster;
using Operators.Tests.Testing;
using Operators.Traffic;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic;

/// <summary>The providers against an API server that serves the kinds of all of them: chosen, rendered, switched and pruned.</summary>
public sealed class ProviderSwitchTests : IAsyncLifetime
{
    private const string Policies = """
        {apiVersion: fleet.dabbawala.dev/v1alpha1, kind: TrafficPolicy, metadata: {name: order, namespace: shop}, spec: {
          targetRefs: [{kind: ManagedService, name: order}], gatewayRefs: [{name: public}], timeouts: {backendRequest: 2s}, retries: {attempts: 2},
          mutualTls: {mode: Strict}, access: {dependents: true}, cors: {allowOrigins: ["https://shop.example"]}}}
        ---
        {apiVersion: fleet.dabbawala.dev/v1alpha1, kind: RateLimitPolicy, metadata: {name: order, namespace: shop}, spec: {
          targetRefs: [{kind: ManagedService, name: order}], limits: [{name: orders, requests: 60, per: Minute, by: {type: Address}}]}}
        ---
        {apiVersion: fleet.dabbawala.dev/v1alpha1, kind: CircuitPolicy, metadata: {name: order, namespace: shop}, spec: {
          targetRefs: [{kind: ManagedService, name: order}], consecutiveErrors: 5, openFor: 30s}}
        """;

    private static readonly Dictionary<string, string[]> Rendered = new()
    {
        ["istio"] =
        [
            "AuthorizationPolicy order.access", "DestinationRule order", "EnvoyFilter order.limits", "HTTPRoute order", "PeerAuthentication order", "VirtualService order",
        ],
        ["gateway-api"] = ["BackendTrafficPolicy order", "HTTPRoute order", "SecurityPolicy order"],
        ["kong"] = ["HTTPRoute order", "KongPlugin order.cors", "KongPlugin order.rate-limiting", "KongUpstreamPolicy order"],
        ["dabbawala"] = ["HTTPRoute order"],
    };

    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync(withControllers: false);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("istio", "gateway-api")]
    [InlineData("gateway-api", "kong")]
    [InlineData("kong", "dabbawala")]
    [InlineData("dabbawala", "istio")]
    public async Task What_one_provider_made_is_pruned_when_another_is_configured(string before, string after)
    {
        await ServeAsync("gateway-api", "istio", "envoy-gateway", "kong");
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order")));
        await Cluster.ApplyAsync(Policies);
        await using (var operators = await RunningOperators.StartAsync(Cluster, new TrafficOptions(before, SharedCounters: null)))
        {
            await HoldsAsync(operators.Caches, before);
        }

        await using (var operators = await RunningOperators.StartAsync(Cluster, new TrafficOptions(after, SharedCounters: null)))
        {
            await HoldsAsync(operators.Caches, after);
        }
    }

    [Fact]
    public async Task The_cluster_s_kinds_say_which_provider_it_is_as_they_come_and_go()
    {
        await using var operators = await RunningOperators.StartAsync(Cluster);
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order")));
        await Cluster.ApplyAsync(Policies);
        var none = await ProgrammedAsync(operators.Caches, condition => condition.Reason == PolicyConditions.Reasons.NoProvider);
        Assert.Contains("httproutes.gateway.networking.k8s.io", none.Message, StringComparison.Ordinal);

        await ServeAsync("gateway-api");
        await HoldsAsync(operators.Caches, "dabbawala");
        await ServeAsync("kong");
        await HoldsAsync(operators.Caches, "kong");
        await ServeAsync("envoy-gateway");
        await HoldsAsync(operators.Caches, "gateway-api");
        await ServeAsync("istio");
        await HoldsAsync(operators.Caches, "istio");
        await Cluster.DeleteAsync(KnownResources.CustomResourceDefinitions, new("", TrafficKinds.DestinationRules.QualifiedName));
        await operators.Caches.UntilAsync(
            () => operators.Caches.Policies.Traffic.Cache.Find(Samples.Key("order"))?.Status is { Provider: "gateway-api" } status ? status : null, () => Seen(operators.Caches));
    }

    [Fact]
    public async Task A_configured_provider_whose_kinds_are_not_served_is_told_with_the_kind()
    {
        await ServeAsync("gateway-api");
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order")));
        await Cluster.ApplyAsync(Policies);
        await using var operators = await RunningOperators.StartAsync(Cluster, new TrafficOptions("kong", SharedCounters: null));

        var lacking = await ProgrammedAsync(operators.Caches, condition => condition.Reason == PolicyConditions.Reasons.NoProvider);

        Assert.Equal("Traffic:Provider is kong, and the cluster does not serve kongupstreampolicies.configuration.konghq.com", lacking.Message);
    }

    [Fact]
    public async Task What_the_provider_can_not_express_is_told_with_the_field_and_the_rest_holds()
    {
        await ServeAsync("gateway-api", "kong");
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order")));
        await Cluster.ApplyAsync(Policies);
        await using var operators = await RunningOperators.StartAsync(Cluster, new TrafficOptions("kong", SharedCounters: null));

        var lacking = await ProgrammedAsync(operators.Caches, condition => condition.Reason == PolicyConditions.Reasons.Unsupported);

        Assert.Contains("spec.mutualTls: Kong is no mesh", lacking.Message, StringComparison.Ordinal);
        await HoldsAsync(operators.Caches, "kong");
    }

    [Fact]
    public async Task A_service_that_begins_and_ceases_to_depend_on_another_is_let_in_and_shut_out()
    {
        await ServeAsync("istio", "gateway-api");
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order")));
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("web")));
        await Cluster.ApplyAsync(Policies);
        await using var operators = await RunningOperators.StartAsync(Cluster, new TrafficOptions("istio", SharedCounters: null));
        await HoldsAsync(operators.Caches, "istio");

        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("web", "order")));
        await LetInAsync(operators.Caches, isLetIn: true);
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("web")));
        await LetInAsync(operators.Caches, isLetIn: false);
    }

    private async Task ServeAsync(params string[] crds)
    {
        foreach (var file in crds)
        {
            await Cluster.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Traffic", "Crds", $"{file}.yaml")));
        }
    }

    /// <summary>Waits until the objects of a provider are there and no others, and the Service bears annotations only where that reads them.</summary>
    private static Task HoldsAsync(FleetCaches caches, string provider) => caches.UntilAsync(
        () => Objects(caches).SequenceEqual(Rendered[provider]) && Annotations(caches).Any() == (provider == "kong")
            && caches.Policies.Traffic.Cache.Find(Samples.Key("order"))?.Status?.Provider == provider ? provider : null,
        () => Seen(caches));

    private static Task<Condition> ProgrammedAsync(FleetCaches caches, Func<Condition, bool> asAwaited) => caches.UntilAsync(
        () => caches.Policies.Traffic.Cache.Find(Samples.Key("order"))?.Status?.Conditions.Find(PolicyConditions.Programmed) is { } condition && asAwaited(condition) ? condition : null,
        () => Seen(caches));

    private static Task LetInAsync(FleetCaches caches, bool isLetIn) => caches.UntilAsync(
        () => Names(caches.TrafficObjects[TrafficKinds.AuthorizationPolicies].Cache.Find(new("shop", "order.access")), "ns/shop/sa/web") == isLetIn
            && Names(caches.Owned(KnownResources.NetworkPolicies).Cache.Find(Samples.Key("order")), "\"web\"") == isLetIn ? "so" : null,
        () => Seen(caches));

    private static bool Names(ControlPlane.Kubernetes.Applying.LiveObject? item, string caller) =>
        item is not null && System.Text.Encoding.UTF8.GetString(item.Json.Span).Contains(caller, StringComparison.Ordinal);

    private static IEnumerable<string> Objects(FleetCaches caches) =>
        caches.TrafficObjects.Of(Samples.Key("order")).Select(static item => $"{item.Type.Kind} {item.Object.Metadata.Name}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Annotations(FleetCaches caches) =>
        caches.Owned(KnownResources.Services).Cache.Find(Samples.Key("order"))?.Metadata.Annotations.Keys.Where(static key => key.StartsWith("konghq.com/", StringComparison.Ordinal)) ?? [];

    private static string Seen(FleetCaches caches) =>
        $"{string.Join(", ", Objects(caches))}; {string.Join(", ", Annotations(caches))}; {caches.Policies.Traffic.Cache.Find(Samples.Key("order"))?.Status}";
}

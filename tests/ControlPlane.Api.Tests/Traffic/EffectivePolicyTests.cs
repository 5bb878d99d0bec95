using System.Net;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class EffectivePolicyTests(RunningControlPlane running)
{
    [Fact]
    public async Task The_effective_policy_says_of_each_value_where_it_comes_from_and_what_lost_against_it()
    {
        var ns = await DeclareOrderAsync();
        await running.Cluster.ApplyAsync($$"""{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: TrafficPolicy, metadata: {name: defaults, namespace: {{ns}} }, spec: {targetRefs: [{group: "", kind: Namespace, name: {{ns}} }], timeouts: {request: 30s} } }""");
        await running.Cluster.ApplyAsync($$"""{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: TrafficPolicy, metadata: {name: order, namespace: {{ns}} }, spec: {targetRefs: [{kind: ManagedService, name: order}], timeouts: {request: 10s} } }""");
        await running.Caches.UntilAsync(() => running.Caches.Policies.Traffic.Cache.Find(new(ns, "order")), () => "no policy order");

        var setting = Assert.Single((await running.GetAsync($"/api/v1/services/{ns}/order/policy")).Ok()["settings"]!.AsArray())!;

        Assert.Equal(("spec.timeouts.request", "10s"), ((string)setting["field"]!, (string)setting["value"]!));
        Assert.Equal("""{"kind":"TrafficPolicy","name":"order","scope":"Service"}""", setting["from"]!.ToJsonString());
        Assert.Equal("""[{"value":"30s","from":{"kind":"TrafficPolicy","name":"defaults","scope":"Namespace"}}]""", setting["lost"]!.ToJsonString());
    }

    [Fact]
    public async Task A_service_without_policies_has_no_settings_and_one_that_is_not_there_is_not_found()
    {
        var ns = await DeclareOrderAsync();

        Assert.Empty((await running.GetAsync($"/api/v1/services/{ns}/order/policy")).Ok()["settings"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await running.GetAsync($"/api/v1/services/{ns}/nobody/policy")).Status);
    }

    private async Task<string> DeclareOrderAsync()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        await running.DeclaredAsync(new ObjectKey(ns, "order"));
        return ns;
    }
}

using System.Net;
using ControlPlane.Api.Tests.Testing;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class PolicyListTests(RunningControlPlane running)
{
    [Fact]
    public async Task Policies_of_all_kinds_are_listed_filtered_sorted_and_paged()
    {
        var ns = await running.NamespaceAsync();
        await DeclareAsync(ns, "TrafficPolicy", "b", "timeouts: {request: 10s}");
        await DeclareAsync(ns, "RateLimitPolicy", "a", "limits: [{name: all, requests: 5, per: Minute}]");
        await DeclareAsync(ns, "CircuitPolicy", "c", "consecutiveErrors: 3");
        await running.Caches.UntilAsync(
            () => running.Caches.Policies.Traffic.Cache.Find(new(ns, "b")) is not null && running.Caches.Policies.RateLimits.Cache.Find(new(ns, "a")) is not null
                && running.Caches.Policies.Circuits.Cache.Find(new(ns, "c")) is not null ? "there" : null,
            () => "not all policies");

        var first = (await running.GetAsync($"/api/v1/policies?namespace={ns}&sort=name&limit=2")).Ok();
        Assert.Equal((3, "Live"), ((int)first["total"]!, (string)first["state"]!));
        Assert.Equal(["a RateLimitPolicy", "b TrafficPolicy"], first["items"]!.AsArray().Select(item => $"{item!["name"]} {item["kind"]}"));

        var second = (await running.GetAsync($"/api/v1/policies?namespace={ns}&sort=name&limit=2&cursor={first["nextCursor"]}")).Ok();
        Assert.Equal((1, "c", null), (second["items"]!.AsArray().Count, (string)second["items"]![0]!["name"]!, (string?)second["nextCursor"]));

        var circuits = (await running.GetAsync($"/api/v1/policies?namespace={ns}&kind=CircuitPolicy")).Ok();
        Assert.Equal("c", (string)Assert.Single(circuits["items"]!.AsArray())!["name"]!);
    }

    [Theory]
    [InlineData("state=happy", "state")]
    [InlineData("sort=beauty", "sort")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("cursor=nowhere", "cursor")]
    public async Task A_word_that_the_list_does_not_know_is_refused_by_name(string query, string field) =>
        Assert.Equal(field, (string)(await running.GetAsync($"/api/v1/policies?{query}")).Problem(HttpStatusCode.BadRequest)["field"]!);

    private Task DeclareAsync(string ns, string kind, string name, string spec) => running.Cluster.ApplyAsync(
        $$"""{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: {{kind}}, metadata: {name: {{name}}, namespace: {{ns}} }, spec: {targetRefs: [{kind: ManagedService, name: order}], {{spec}} } }""");
}

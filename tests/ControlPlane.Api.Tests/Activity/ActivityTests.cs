using System.Net;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Activity;

public sealed class ActivityTests(RunningControlPlane running)
{
    [Fact]
    public async Task Changes_and_reconciles_are_told_newest_first()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        await running.Caches.SettledAsync(new ObjectKey(ns, "order"));

        var changes = (await running.GetAsync($"/api/v1/activity?namespace={ns}&kind=change&service=order")).Ok()["items"]!.AsArray();

        Assert.Equal(
            ["Deployment/order", "HorizontalPodAutoscaler/order", "NetworkPolicy/order", "PodDisruptionBudget/order", "Service/order", "ServiceAccount/order"],
            changes.Where(entry => (string)entry!["reason"]! == "Created").Select(entry => (string)entry!["object"]!).Order(StringComparer.Ordinal));
        var sequence = changes.Select(entry => (long)entry!["sequence"]!).ToList();
        Assert.Equal(sequence.OrderDescending(), sequence);
        Assert.All((await running.GetAsync($"/api/v1/activity?namespace={ns}&kind=reconcile")).Ok()["items"]!.AsArray(), entry => Assert.Equal("Reconcile", (string)entry!["kind"]!));
        var older = (await running.GetAsync($"/api/v1/activity?namespace={ns}&kind=change&cursor={sequence[^1]}")).Ok()["items"]!.AsArray();
        Assert.DoesNotContain(older, entry => (long)entry!["sequence"]! >= sequence[^1]);
    }

    [Theory]
    [InlineData("kind=gossip", "kind")]
    [InlineData("kind=1", "kind")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=yesterday", "cursor")]
    public async Task A_parameter_that_makes_no_sense_is_named(string query, string field) =>
        Assert.Equal(field, (string)(await running.GetAsync($"/api/v1/activity?{query}")).Problem(HttpStatusCode.BadRequest)["field"]!);
}

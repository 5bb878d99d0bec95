using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Onboarding;

public sealed class HandOverTests(RunningControlPlane running)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_adopted_workload_passes_into_the_operators_hands_and_its_pods_stay(bool declaredInTheConsole)
    {
        var ns = await AdoptAsync(declaredInTheConsole);
        var (template, pods) = (await TemplateAsync(ns), await RunningPodsAsync(ns));

        var preview = await running.GetAsync($"/api/v1/onboarding/hand-overs/{ns}/cart");
        Assert.Empty(preview.Ok()["refusals"]!.AsArray());
        Assert.Empty(preview.Json["templateChanges"]!.AsArray());
        Assert.Contains("takeOver: true", (string)preview.Json["declaration"]!["yaml"]!, StringComparison.Ordinal);
        Assert.Equal(["Create PodDisruptionBudget cart", "Update Deployment cart", "Update Service cart-front"], Objects(preview.Json).Order());
        Assert.Null((await running.Cluster.GetAsync(ManagedService.ResourceType, new(ns, "cart")))["spec"]!["workload"]);

        Assert.True((bool)(await HandOverAsync(ns, preview.ETag)).Ok()["handedOver"]!);
        await running.Caches.UntilAsync(
            () => running.Caches.Owned(KnownResources.Deployments).Cache.Find(new(ns, "cart")),
            () => running.Caches.Services.Cache.Find(new(ns, "cart"))?.Status?.ToString() ?? "no status");

        Assert.True(JsonNode.DeepEquals(template, await TemplateAsync(ns)));
        Assert.Equal(pods, await RunningPodsAsync(ns));
        var spec = (await running.Cluster.GetAsync(ManagedService.ResourceType, new(ns, "cart")))["spec"]!;
        Assert.Null(spec["workloadRef"]);
    }

    [Fact]
    public async Task What_was_changed_since_the_preview_is_not_handed_over()
    {
        var ns = await AdoptAsync(declaredInTheConsole: true);
        var preview = await running.GetAsync($"/api/v1/onboarding/hand-overs/{ns}/cart");
        await running.Cluster.PatchAsync(
            KnownResources.Deployments, new(ns, "cart"), """{"spec":{"template":{"metadata":{"annotations":{"touched":"yes"}}}}}""");

        var problem = (await HandOverAsync(ns, preview.ETag)).Problem(HttpStatusCode.PreconditionFailed);

        Assert.Equal("If-Match", (string)problem["field"]!);
        Assert.NotNull((await running.Cluster.GetAsync(ManagedService.ResourceType, new(ns, "cart")))["spec"]!["workloadRef"]);
    }

    [Fact]
    public async Task A_workload_that_the_operator_could_not_run_as_it_is_is_refused_with_the_field()
    {
        var ns = await AdoptAsync(declaredInTheConsole: true);
        await running.Cluster.PatchAsync(
            KnownResources.Deployments, new(ns, "cart"), """{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}""");

        var answer = await HandOverAsync(ns, ifMatch: null);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("spec.strategy.type", (string)answer.Json["preview"]!["refusals"]![0]!["field"]!);
        Assert.NotNull((await running.Cluster.GetAsync(ManagedService.ResourceType, new(ns, "cart")))["spec"]!["workloadRef"]);
    }

    [Fact]
    public async Task A_service_that_a_GitOps_tool_keeps_is_handed_over_there()
    {
        var ns = await AdoptAsync(declaredInTheConsole: true);
        await running.Cluster.PatchAsync(
            ManagedService.ResourceType, new(ns, "cart"), """{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"shop"}}}""");

        var answer = await HandOverAsync(ns, ifMatch: null);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("Flux Kustomization shop", (string)answer.Json["preview"]!["refusals"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Contains("takeOver: true", (string)answer.Json["preview"]!["declaration"]!["yaml"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_declared_can_not_be_handed_over() =>
        (await running.GetAsync("/api/v1/onboarding/hand-overs/shop/nowhere")).Problem(HttpStatusCode.NotFound);

    private async Task<string> AdoptAsync(bool declaredInTheConsole)
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(ExistingShop.Workload(ns));
        if (declaredInTheConsole)
        {
            (await running.PostYamlAsync("/api/v1/manifests", ExistingShop.Adoption(ns))).Ok();
        }
        else
        {
            await running.Cluster.CreateAsync(ExistingShop.Adoption(ns));
        }

        await running.DeclaredAsync(new(ns, "cart"));
        await running.Caches.UntilAsync(
            () => running.Caches.Pods.Cache.Snapshot().Where(pod => pod.Metadata.Namespace == ns).ToList() is { Count: 2 } pods ? pods : null,
            () => $"{running.Caches.Pods.Cache.Snapshot().Count(pod => pod.Metadata.Namespace == ns)} pods");
        return ns;
    }

    private async Task<Answer> HandOverAsync(string ns, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/onboarding/hand-overs/{ns}/cart") { Headers = { { "X-Reason", "it runs by itself long enough" } } };
        if (ifMatch is not null)
        {
            request.Headers.Add("If-Match", ifMatch);
        }

        return await Answer.ReadAsync(await running.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private async Task<JsonNode> TemplateAsync(string ns) =>
        (await running.Cluster.GetAsync(KnownResources.Deployments, new(ns, "cart")))["spec"]!["template"]!;

    /// <summary>ReplicaSets and pods, by uid: a restart would make others.</summary>
    private async Task<IReadOnlyList<string>> RunningPodsAsync(string ns)
    {
        var sets = await running.Cluster.ListAsync(KnownResources.ReplicaSets, ns);
        var pods = await running.Cluster.ListAsync(KnownResources.Pods, ns);
        return [.. sets.Concat(pods).Select(item => (string)item["metadata"]!["uid"]!).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Objects(JsonNode preview) =>
        preview["objects"]!.AsArray().Select(item => $"{item!["action"]} {item["kind"]} {item["name"]}");
}

using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Plans;

public sealed class PlansTests(RunningControlPlane running)
{
    [Fact]
    public async Task A_new_service_is_planned_with_every_object_and_nothing_is_written()
    {
        var ns = await running.NamespaceAsync();

        var plan = (await running.PostYamlAsync("/api/v1/plans", Declarations.Service(ns, "order"))).Ok();

        Assert.True((bool)plan["accepted"]!);
        Assert.Equal("Create", (string)plan["manifests"]![0]!["action"]!);
        Assert.Equal(
            ["Create Deployment", "Create HorizontalPodAutoscaler", "Create NetworkPolicy", "Create PodDisruptionBudget", "Create Service", "Create ServiceAccount"],
            Objects(plan));
        Assert.Empty(await running.Cluster.ListAsync(ManagedService.ResourceType, ns));
        Assert.Empty(await running.Cluster.ListAsync(KnownResources.Deployments, ns));
    }

    [Fact]
    public async Task A_change_is_planned_to_the_field()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order", image: "fleet/order:1.0.0"));
        await running.Caches.SettledAsync(new(ns, "order"));

        var plan = (await running.PostYamlAsync("/api/v1/plans", Declarations.Service(ns, "order", image: "fleet/order:1.1.0"))).Ok();

        Assert.Equal(["spec.workload.image: \"fleet/order:1.0.0\" -> \"fleet/order:1.1.0\""], Fields(plan["manifests"]![0]!));
        Assert.Equal(["Update Deployment"], Objects(plan));
        Assert.Contains("spec.template.spec.containers[0].image: \"fleet/order:1.0.0\" -> \"fleet/order:1.1.0\"", Fields(plan["objects"]![0]!));
        Assert.All(Fields(plan["objects"]![0]!), field => Assert.True(
            field.StartsWith("spec.template.spec.containers[0].image:", StringComparison.Ordinal) || field.Contains("1.0.0", StringComparison.Ordinal)
            || field.StartsWith($"metadata.annotations.{FleetApi.AppliedAnnotation}", StringComparison.Ordinal), field));
        Assert.Matches(@"(?m)^-[\s-]+image: fleet/order:1\.0\.0\n\+[\s-]+image: fleet/order:1\.1\.0$", (string)plan["objects"]![0]!["diff"]!["unified"]!);
    }

    [Fact]
    public async Task A_new_dependency_opens_the_network_on_both_sides()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "payment"));
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        await running.Caches.SettledAsync(new(ns, "payment"));
        await running.Caches.SettledAsync(new(ns, "order"));

        var plan = (await running.PostYamlAsync("/api/v1/plans", Declarations.Service(ns, "order", dependsOn: "payment"))).Ok();

        Assert.Equal(
            [$"{ns}/order Update NetworkPolicy", $"{ns}/payment Update NetworkPolicy"],
            plan["objects"]!.AsArray().Select(item => $"{item!["service"]} {item["action"]} {item["kind"]}").Order());
    }

    [Fact]
    public async Task What_one_manifest_declares_another_can_depend_on()
    {
        var ns = await running.NamespaceAsync();

        var plan = (await running.PostYamlAsync("/api/v1/plans", $"{Declarations.Service(ns, "order", dependsOn: "payment")}---\n{Declarations.Service(ns, "payment")}")).Ok();

        Assert.True((bool)plan["accepted"]!, plan["manifests"]!.ToJsonString());
    }

    [Fact]
    public async Task A_namespace_that_comes_with_the_same_manifests_counts_as_there()
    {
        var plan = (await running.PostYamlAsync(
            "/api/v1/plans", $"{{apiVersion: v1, kind: Namespace, metadata: {{name: to-come}}}}\n---\n{Declarations.Service("to-come", "order")}")).Ok();

        Assert.True((bool)plan["accepted"]!, plan["manifests"]!.ToJsonString());
        Assert.Contains("Create Deployment", Objects(plan));
    }

    [Fact]
    public async Task A_manifest_that_the_API_server_forbids_is_refused_and_the_others_are_judged()
    {
        var (free, full) = (await running.NamespaceAsync(), await running.NamespaceAsync());
        await running.Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: none, namespace: {{full}}}
            spec:
              hard: {"count/managedservices.fleet.dabbawala.dev": "0"}
            """);

        var plan = (await running.PostYamlAsync("/api/v1/plans", $"{Declarations.Service(full, "order")}---\n{Declarations.Service(free, "payment")}")).Ok();

        Assert.Equal(["Refuse", "Create"], plan["manifests"]!.AsArray().Select(manifest => (string)manifest!["action"]!));
        Assert.Contains("quota", (string)plan["manifests"]![0]!["problems"]![0]!["message"]!, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Objects(JsonNode plan) => plan["objects"]!.AsArray().Select(item => $"{item!["action"]} {item["kind"]}").Order(StringComparer.Ordinal);

    private static IReadOnlyList<string> Fields(JsonNode item) =>
        [.. item["diff"]!["fields"]!.AsArray().Select(field => $"{field!["path"]}: {field["before"]} -> {field["after"]}")];
}

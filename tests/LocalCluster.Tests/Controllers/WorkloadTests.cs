using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Controllers.Deployments;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

/// <summary>Controllers, scheduler and nodes together, as a user of the cluster sees them.</summary>
public sealed class WorkloadTests : IAsyncLifetime
{
    private RunningCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        await _cluster.StartControllersAsync();
        await _cluster.StartAgentAsync();
        await _cluster.Nodes.UntilAll(all => all.Count == 3 && all.All(node => node.IsReady));
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_new_image_replaces_all_pods_and_going_back_takes_up_the_old_set_again()
    {
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 3));
        var first = await RolledOutAsync(revision: "1");

        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 3, image: "web:2"));
        var second = await RolledOutAsync(revision: "2");
        Assert.NotEqual(first.Metadata.Name, second.Metadata.Name);
        await _cluster.Pods.UntilAll(all => all.Count == 3 && all.All(pod => pod.Spec.Containers[0].Image == "web:2"));

        // kubectl rollout undo writes the template of the set before.
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 3));
        var third = await RolledOutAsync(revision: "3");
        Assert.Equal(first.Metadata.Uid, third.Metadata.Uid);
        Assert.Equal(2, _cluster.ReplicaSets.Now.Count);
    }

    [Fact]
    public async Task Pods_of_a_deployment_are_spread_over_the_zones_and_follow_its_size()
    {
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 6));
        var pods = await _cluster.Pods.UntilAll(all => all.Count == 6 && all.All(pod => pod.IsReady));
        Assert.Equal([2, 2, 2], pods.GroupBy(pod => pod.Spec.NodeName).Select(node => node.Count()));

        await _cluster.PatchAsync(KnownResources.Deployments, "web", new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 2 } });

        await _cluster.Pods.UntilAll(all => all.Count == 2);
        await _cluster.Deployments.Until("web", d => d.Status is { Replicas: 2, ReadyReplicas: 2 });
    }

    [Fact]
    public async Task A_pod_that_is_deleted_is_replaced_and_one_that_lost_its_label_is_let_go()
    {
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 2));
        var pods = await _cluster.Pods.UntilAll(all => all.Count == 2 && all.All(pod => pod.IsReady));

        await _cluster.DeletePodAsync(pods[0].Metadata.Name);
        var noLabel = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "quarantine" } } };
        await _cluster.PatchAsync(KnownResources.Pods, pods[1].Metadata.Name, noLabel);

        await _cluster.Pods.Until(pods[1].Metadata.Name, pod => pod.Metadata.ControllerOwner is null && pod.IsReady);
        await _cluster.Pods.UntilAll(all => all.Count(pod => pod.Metadata.ControllerOwner is not null && pod.IsReady) == 2);
        Assert.Equal(3, _cluster.Pods.Now.Count);
    }

    [Fact]
    public async Task A_pod_that_fits_a_set_is_taken_in()
    {
        await _cluster.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: {name: orphan, namespace: shop, labels: {app: solo}}
            spec: {containers: [{name: main, image: "web:1"}]}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: solo, namespace: shop}
            spec:
              replicas: 1
              selector: {matchLabels: {app: solo}}
              template:
                metadata: {labels: {app: solo}}
                spec: {containers: [{name: main, image: "web:1"}]}
            """);

        await _cluster.Pods.Until("orphan", pod => pod.Metadata.ControllerOwner?.Name == "solo");
        await _cluster.ReplicaSets.Until("solo", set => set.Status is { Replicas: 1, ReadyReplicas: 1 });
        Assert.Single(_cluster.Pods.Now);
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_waits_with_the_reason_and_goes_when_there_is_room()
    {
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 1, pod: "nodeSelector: {disk: fast}"));
        var pod = await _cluster.Pods.Until(pod => pod.Status.Conditions.Find("PodScheduled")?.Reason == "Unschedulable");
        Assert.Equal(
            "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", pod.Status.Conditions.Find("PodScheduled")!.Message);

        var label = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["disk"] = "fast" } } };
        await _cluster.PatchAsync(KnownResources.Nodes, "dabbawala-2", label);

        await _cluster.Pods.Until(pod => pod.IsReady && pod.Spec.NodeName == "dabbawala-2");
    }

    [Fact]
    public async Task An_autoscaler_holds_its_target_within_its_bounds()
    {
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 1));
        await _cluster.ApplyAsync("""
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web, namespace: shop}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              minReplicas: 3
              maxReplicas: 5
              metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
            """);

        await _cluster.Deployments.Until("web", d => d.Status is { Replicas: 3, ReadyReplicas: 3 });
        await _cluster.Events.Until(e => e.Is("web", "SuccessfulRescale"));
    }

    [Fact]
    public async Task Evictions_stop_where_the_disruption_budget_ends()
    {
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 3, pod: "terminationGracePeriodSeconds: 1"));
        await _cluster.ApplyAsync("""
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web, namespace: shop}
            spec: {selector: {matchLabels: {app: web}}, minAvailable: 3}
            """);
        var pods = await _cluster.Pods.UntilAll(all => all.Count == 3 && all.All(pod => pod.IsReady));
        await _cluster.Budgets.Until("web", budget => budget.Status is { CurrentHealthy: 3, DisruptionsAllowed: 0 });

        var refusal = await Assert.ThrowsAsync<KubeApiException>(() => EvictAsync(pods[0]));
        Assert.Equal(HttpStatusCode.TooManyRequests, refusal.StatusCode);

        await _cluster.PatchAsync(KnownResources.PodDisruptionBudgets, "web", new JsonObject { ["spec"] = new JsonObject { ["minAvailable"] = 2 } });
        await _cluster.Budgets.Until("web", budget => budget.Status is { DisruptionsAllowed: 1, ObservedGeneration: 2 });
        await EvictAsync(pods[0]);

        await _cluster.Pods.UntilGone(pods[0].Metadata.Name);
        await _cluster.Budgets.Until("web", budget => budget.Status is { CurrentHealthy: 3, DisruptionsAllowed: 1 });
    }

    private async Task<ReplicaSet> RolledOutAsync(string revision)
    {
        await _cluster.Deployments.Until("web", d =>
            d.Metadata.Annotations.GetValueOrDefault(Revisions.RevisionAnnotation) == revision
            && d.Status.ObservedGeneration == d.Metadata.Generation
            && d.Status is { Replicas: 3, UpdatedReplicas: 3, AvailableReplicas: 3 });
        return await _cluster.ReplicaSets.Until(set =>
            set.Spec.Replicas == 3 && set.Metadata.Annotations.GetValueOrDefault(Revisions.RevisionAnnotation) == revision);
    }

    private Task EvictAsync(Pod pod)
    {
        var eviction = new JsonObject
        {
            ["apiVersion"] = "policy/v1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace },
        };
        return _cluster.Api.CreateSubresourceAsync(
            KnownResources.Pods,
            pod.Metadata.Key,
            JsonSerializer.SerializeToUtf8Bytes(eviction),
            new WriteOptions { FieldManager = "test", Subresource = "eviction" },
            TestContext.Current.CancellationToken);
    }
}

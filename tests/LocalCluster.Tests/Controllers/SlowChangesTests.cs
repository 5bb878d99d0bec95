using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

/// <summary>What takes minutes on a real cluster, on a clock that the test moves.</summary>
public sealed class SlowChangesTests : IAsyncLifetime
{
    private const int MostBeats = 30;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    private readonly TestClock _clock = new();
    private RunningCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        await _cluster.StartControllersAsync(_clock);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_version_that_does_not_become_ready_stops_at_its_first_pods_and_is_reported_when_its_time_is_up()
    {
        await _cluster.StartAgentAsync(_clock, _cluster.Agent with { Nodes = 1 });
        const string Strategy = "progressDeadlineSeconds: 77\n  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}";
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 4, spec: Strategy));
        await _cluster.Deployments.Until("web", d => d.Status is { AvailableReplicas: 4 });

        const string NeverReady = "web:2\n        readinessProbe: {tcpSocket: {port: 1}, periodSeconds: 7}";
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 4, image: NeverReady, spec: Strategy));
        var stuck = await _cluster.Deployments.Until("web", d => d.Status is { Replicas: 5, UpdatedReplicas: 2, AvailableReplicas: 3 });
        var late = await PassAsync(
            "dabbawala-1", _cluster.Deployments.Until("web", d => Progress(d).Reason == "ProgressDeadlineExceeded"));

        Assert.True(Progress(late).LastUpdateTime - Progress(stuck).LastUpdateTime >= TimeSpan.FromSeconds(77));
        Assert.Equal(3, late.Status.AvailableReplicas);
        Assert.True(late.Status.Conditions.IsTrue("Available"));
    }

    [Fact]
    public async Task Pods_of_a_node_that_fell_silent_leave_service_and_are_replaced_on_another()
    {
        var lost = await _cluster.StartAgentAsync(_clock, _cluster.Agent with { Nodes = 1, NodeNamePrefix = "lost" });
        await _cluster.Nodes.Until("lost-1", node => node.IsReady);
        // Long beside a beat: the clock may be some beats further by the time that the test sees the taint.
        const string Tolerations = "tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 133}]";
        await _cluster.ApplyAsync(TestDeployments.Yaml(replicas: 1, pod: Tolerations));
        var pod = await _cluster.Pods.Until(pod => pod.IsReady && pod.Spec.NodeName == "lost-1");
        await _cluster.StartAgentAsync(_clock, RunningCluster.Addressed() with { Nodes = 1, NodeNamePrefix = "kept" });
        await _cluster.Nodes.Until("kept-1", node => node.IsReady);

        await lost.StopAsync(CancellationToken.None);
        var node = await PassAsync("kept-1", _cluster.Nodes.Until("lost-1", node => node.Spec.Taints.Any(taint => taint.Effect == "NoExecute")));
        Assert.Equal(ConditionStatus.Unknown, node.Status.Conditions.Find(Node.ReadyCondition)!.Status);
        await _cluster.Pods.Until(pod.Metadata.Name, pod => !pod.IsReady && !pod.IsTerminating);

        var evicted = await PassAsync("kept-1", _cluster.Pods.Until(pod.Metadata.Name, pod => pod.IsTerminating));
        var tainted = new DateTimeOffset(node.Spec.Taints.Single(taint => taint.Effect == "NoExecute").TimeAdded!.Value.ToUniversalTime());
        Assert.True(evicted.Status.Conditions.Find("DisruptionTarget")!.LastTransitionTime >= tainted.AddSeconds(133));
        await _cluster.Pods.Until(pod => pod.IsReady && pod.Spec.NodeName == "kept-1");
        await _cluster.Events.Until(e => e.Is(pod.Metadata.Name, "TaintManagerEviction"));
    }

    private static StatusCondition Progress(Deployment deployment) => deployment.Status.Conditions.Find("Progressing")!;

    /// <summary>
    /// Lets time pass until something has happened, no faster than a node beats and is seen to beat: a clock that ran ahead of the cluster
    /// would make the node look lost.
    /// </summary>
    private async Task<T> PassAsync<T>(string node, Task<T> awaited)
    {
        for (var beats = 0; beats < MostBeats && !awaited.IsCompleted; beats++)
        {
            var before = await _cluster.Leases.Until(node, lease => lease.Spec.RenewTime is not null);
            await _clock.FireJustSetAsync(Beat);
            await _cluster.Leases.Until(node, lease => lease.Spec.RenewTime > before.Spec.RenewTime);
        }

        return await awaited;
    }
}

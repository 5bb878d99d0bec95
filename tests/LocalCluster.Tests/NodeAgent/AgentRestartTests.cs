using LocalCluster.NodeAgent;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

public sealed class AgentRestartTests : IAsyncLifetime
{
    private RunningCluster _cluster = null!;
    private NodeAgentHost _first = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        _first = await _cluster.StartAgentAsync();
        await _cluster.Nodes.UntilAll(all => all.Count == 3);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Pods_that_ran_are_restarted_where_they_were()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web"));
        var before = await _cluster.Pods.Until("web", pod => pod.IsReady);

        await _first.StopAsync(CancellationToken.None);
        await _cluster.StartAgentAsync();

        var pod = await _cluster.Pods.Until("web", pod => pod.IsReady && pod.Status.ContainerStatuses[0].RestartCount == 1);
        Assert.Equal((before.Metadata.Uid, before.Status.PodIp), (pod.Metadata.Uid, pod.Status.PodIp));
        Assert.Equal(before.Status.StartTime, pod.Status.StartTime);
        Assert.Equal((255, "Unknown"), (pod.Status.ContainerStatuses[0].LastState.Terminated!.ExitCode, pod.Status.ContainerStatuses[0].LastState.Terminated!.Reason));
        await _cluster.Events.Until(e => e.Is("web", "SandboxChanged"));
    }

    [Fact]
    public async Task A_new_pod_does_not_get_the_address_of_one_that_was_there_before()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("old"));
        var old = await _cluster.Pods.Until("old", pod => pod.IsReady);
        await _first.StopAsync(CancellationToken.None);
        await _cluster.ApplyAsync(TestPods.Yaml("new"));

        await _cluster.StartAgentAsync();

        var fresh = await _cluster.Pods.Until("new", pod => pod.IsReady);
        Assert.NotEqual(old.Status.PodIp, fresh.Status.PodIp);
        Assert.Equal(0, fresh.Status.ContainerStatuses[0].RestartCount);
    }

    [Fact]
    public async Task A_pod_that_was_deleted_while_no_agent_ran_is_removed_by_the_next()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web"));
        await _cluster.Pods.Until("web", pod => pod.IsReady);
        await _first.StopAsync(CancellationToken.None);
        await _cluster.DeletePodAsync("web");
        await _cluster.Pods.Until("web", pod => pod.IsTerminating);

        await _cluster.StartAgentAsync();

        await _cluster.Pods.UntilGone("web");
    }

    [Fact]
    public async Task A_pod_that_has_ended_for_good_is_not_started_again()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("job", spec: "restartPolicy: Never", image: "web:broken"));
        await _cluster.Pods.Until("job", pod => pod.Status.Phase == PodPhase.Failed);
        await _first.StopAsync(CancellationToken.None);

        await _cluster.StartAgentAsync();
        await _cluster.ApplyAsync(TestPods.Yaml("web"));
        await _cluster.Pods.Until("web", pod => pod.IsReady);

        var job = Assert.Single(_cluster.Pods.Now, pod => pod.Metadata.Name == "job");
        Assert.Equal((PodPhase.Failed, 0), (job.Status.Phase, job.Status.ContainerStatuses[0].RestartCount));
    }
}

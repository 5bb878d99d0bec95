using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace Operators.Tests.Cluster;

public sealed class PodViewTests
{
    /// <summary>Statuses as kubelets and schedulers write them, with the reason and the words that people should see.</summary>
    public static TheoryData<string, string, string?> Troubles => new()
    {
        {
            "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/3 nodes are available'}]}",
            "Unschedulable", "0/3 nodes are available"
        },
        {
            "{phase: Pending, containerStatuses: [{name: app, state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image \"fleet/x:1\"'}}}]}",
            "ImagePullBackOff", "Back-off pulling image \"fleet/x:1\""
        },
        {
            "{phase: Running, containerStatuses: [{name: app, restartCount: 7, state: {waiting: {reason: CrashLoopBackOff, message: back-off 5m0s}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]}",
            "CrashLoopBackOff", "back-off 5m0s; ended with exit code 137 (OOMKilled)"
        },
        {
            "{phase: Running, containerStatuses: [{name: app, state: {terminated: {exitCode: 1, reason: Error}}}]}",
            "Error", "ended with exit code 1 (Error)"
        },
        {
            "{phase: Running, containerStatuses: [{name: app, state: {terminated: {exitCode: 0}}}]}",
            "Terminated", "ended with exit code 0"
        },
        {
            "{phase: Pending, initContainerStatuses: [{name: migrate, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 2}}}], containerStatuses: [{name: app, state: {waiting: {reason: PodInitializing}}}]}",
            "CrashLoopBackOff", "ended with exit code 2"
        },
        {
            "{phase: Pending, initContainerStatuses: [{name: migrate, state: {terminated: {exitCode: 0, reason: Completed}}}], containerStatuses: [{name: app, state: {waiting: {reason: ContainerCreating}}}]}",
            "Starting", null
        },
        {
            "{phase: Failed, reason: Evicted, message: 'The node was low on resource: memory.', containerStatuses: [{name: app, state: {terminated: {exitCode: 137, reason: Error}}}]}",
            "Evicted", "The node was low on resource: memory."
        },
        {
            "{phase: Running, conditions: [{type: Ready, status: 'False', reason: ContainersNotReady, message: 'containers with unready status: [app]'}], containerStatuses: [{name: app, state: {}}]}",
            "NotReady", "containers with unready status: [app]"
        },
        { "{phase: Running}", "NotReady", "the readiness probe does not pass" },
        { "{phase: Pending}", "Starting", null },
        { "{phase: Failed}", "Failed", null },
        { "{}", "Unknown", null },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void An_instance_that_does_not_serve_says_why(string status, string reason, string? message) =>
        Assert.Equal((reason, message), Pod(status).Trouble());

    [Fact]
    public void An_instance_that_serves_has_no_trouble()
    {
        var pod = Pod("{phase: Running, conditions: [{type: Ready, status: 'True'}]}");

        Assert.True(pod.IsReady);
        Assert.Null(pod.Trouble());
    }

    [Fact]
    public void An_instance_that_leaves_does_not_serve_whatever_its_probe_says()
    {
        var pod = Pod("{phase: Running, conditions: [{type: Ready, status: 'True'}]}");
        pod = pod with { Metadata = pod.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };

        Assert.False(pod.IsReady);
        Assert.Equal("Terminating", pod.Trouble()!.Value.Reason);
    }

    [Theory]
    [InlineData("ReplicaSet", "order-7d4b9c", "7d4b9c", "Deployment shop/order")]
    [InlineData("ReplicaSet", "order-by-hand", "7d4b9c", "ReplicaSet shop/order-by-hand")]
    [InlineData("StatefulSet", "order", null, "StatefulSet shop/order")]
    public void A_pod_belongs_to_the_workload_above_it(string kind, string owner, string? hash, string workload)
    {
        var pod = new PodView
        {
            Metadata = new ObjectMeta
            {
                Name = "order-x",
                Namespace = Samples.Namespace,
                Labels = hash is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["pod-template-hash"] = hash },
                OwnerReferences = [new OwnerReference { Kind = kind, Name = owner, Controller = true }],
            },
        };

        Assert.Equal(workload, pod.Workload.ToString());
    }

    [Fact]
    public void A_pod_of_its_own_belongs_to_no_workload() => Assert.Null(Pod("{}").Workload);

    private static PodView Pod(string status) =>
        Samples.Read<PodView>($"{{apiVersion: v1, kind: Pod, metadata: {{name: order-x, namespace: shop}}, status: {status}}}");
}

using ControlPlane.Kubernetes.Resources;
using LocalCluster.Controllers.ReplicaSets;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

public sealed class DeletionOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pods_of_least_use_go_first()
    {
        var healthy = Pod("healthy", node: "a", readyFor: TimeSpan.FromHours(5));
        var young = Pod("young", node: "b", readyFor: TimeSpan.FromMinutes(1));
        var cheap = Pod("cheap", node: "c", readyFor: TimeSpan.FromHours(9)) with { };
        cheap = cheap with { Metadata = cheap.Metadata with { Annotations = new Dictionary<string, string> { ["controller.kubernetes.io/pod-deletion-cost"] = "-5" } } };
        var notReady = Pod("not-ready", node: "d", readyFor: null);
        var pending = Pod("pending", node: "e", readyFor: null) with { Status = new PodStatus { Phase = PodPhase.Pending } };
        var unscheduled = Pod("unscheduled", node: "", readyFor: null) with { Status = new PodStatus { Phase = PodPhase.Pending } };
        Pod[] pods = [healthy, notReady, young, unscheduled, cheap, pending];

        var order = Enumerable.Range(1, 5).Select(count => DeletionOrder.Pick(pods, pods, count, Now)[^1].Metadata.Name);

        Assert.Equal(["unscheduled", "pending", "not-ready", "cheap", "young"], order);
    }

    [Fact]
    public void A_node_with_several_pods_of_the_deployment_is_relieved_before_one_with_a_single_pod()
    {
        var alone = Pod("alone", node: "a", readyFor: TimeSpan.FromMinutes(1));
        var together = Pod("together", node: "b", readyFor: TimeSpan.FromHours(8));
        var sibling = Pod("sibling-of-another-set", node: "b", readyFor: TimeSpan.FromHours(8));

        Assert.Equal("together", Assert.Single(DeletionOrder.Pick([alone, together], [alone, together, sibling], 1, Now)).Metadata.Name);
    }

    private static Pod Pod(string name, string node, TimeSpan? readyFor) => new()
    {
        Metadata = new ObjectMeta { Name = name, Uid = name, CreationTimestamp = Now.AddDays(-1) },
        Spec = new PodSpec { NodeName = node },
        Status = new PodStatus
        {
            Phase = PodPhase.Running,
            Conditions = readyFor is { } time
                ? [new StatusCondition { Type = PodConditionType.Ready, Status = ConditionStatus.True, LastTransitionTime = Now - time }]
                : [],
        },
    };
}

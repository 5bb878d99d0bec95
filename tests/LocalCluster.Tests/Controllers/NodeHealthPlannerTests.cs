using k8s.Models;
using LocalCluster.Controllers.Nodes;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

public sealed class NodeHealthPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_a_silent_node_nothing_is_known_any_more()
    {
        var node = Reporting("True");

        var silenced = NodeHealthPlanner.Silenced(node, Now);

        Assert.Equal(("Unknown", "NodeStatusUnknown", Now), (silenced.Find("Ready")!.Status, silenced.Find("Ready")!.Reason, silenced.Find("Ready")!.LastTransitionTime));
        Assert.Equal("NodeStatusNeverUpdated", silenced.Find("MemoryPressure")!.Reason);
        Assert.Equal(silenced, NodeHealthPlanner.Silenced(node with { Status = new NodeStatus { Conditions = silenced } }, Now.AddMinutes(1)));
    }

    [Theory]
    [InlineData("True", "")]
    [InlineData("False", "node.kubernetes.io/not-ready:NoSchedule node.kubernetes.io/not-ready:NoExecute")]
    [InlineData("Unknown", "node.kubernetes.io/unreachable:NoSchedule node.kubernetes.io/unreachable:NoExecute")]
    public void A_node_that_is_not_sound_is_tainted(string ready, string taints) => Assert.Equal(taints, Taints(Reporting(ready)));

    [Fact]
    public void Taints_of_others_stay_and_its_own_go_when_their_cause_is_gone()
    {
        var node = Reporting("True") with
        {
            Spec = new NodeSpec
            {
                Unschedulable = true,
                Taints = [new V1Taint { Key = "gpu", Effect = "NoSchedule" }, new V1Taint { Key = "node.kubernetes.io/unreachable", Effect = "NoExecute" }],
            },
        };

        Assert.Equal("gpu:NoSchedule node.kubernetes.io/unschedulable:NoSchedule", Taints(node));
    }

    [Fact]
    public void A_taint_that_is_there_already_keeps_its_time()
    {
        var since = Now.AddMinutes(-4).UtcDateTime;
        var node = Reporting("False") with
        {
            Spec = new NodeSpec { Taints = [new V1Taint { Key = "node.kubernetes.io/not-ready", Effect = "NoExecute", TimeAdded = since }] },
        };

        Assert.Equal(since, NodeHealthPlanner.Taints(node, Now).Single(taint => taint.Effect == "NoExecute").TimeAdded);
    }

    private static string Taints(Node node) => string.Join(' ', NodeHealthPlanner.Taints(node, Now).Select(taint => $"{taint.Key}:{taint.Effect}"));

    private static Node Reporting(string ready) =>
        new() { Status = new NodeStatus { Conditions = [new StatusCondition { Type = Node.ReadyCondition, Status = ready }] } };
}

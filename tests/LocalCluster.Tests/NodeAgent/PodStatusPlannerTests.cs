using k8s.Models;
using LocalCluster.NodeAgent.Pods;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

public sealed class PodStatusPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PodFacts Facts = new("10.88.0.1", "127.0.0.1", Now);

    /// <summary>Restart policy and containers (w waiting, r running, 0 ended well, 1 ended badly), and the phase that follows.</summary>
    [Theory]
    [InlineData("Always", "w", "Pending")]
    [InlineData("Always", "rw", "Pending")]
    [InlineData("Always", "rr", "Running")]
    [InlineData("Always", "1r", "Running")]
    [InlineData("Always", "01", "Running")]
    [InlineData("OnFailure", "00", "Succeeded")]
    [InlineData("OnFailure", "01", "Running")]
    [InlineData("Never", "0r", "Running")]
    [InlineData("Never", "00", "Succeeded")]
    [InlineData("Never", "01", "Failed")]
    public void The_phase_follows_from_the_containers(string restartPolicy, string containers, string phase)
    {
        var pod = new Pod { Spec = new PodSpec { RestartPolicy = restartPolicy } };

        Assert.Equal(phase, PodStatusPlanner.Plan(pod, Facts, [], [.. containers.Select(Container)], Now).Phase);
    }

    [Fact]
    public void A_pod_that_has_ended_stays_as_it_ended()
    {
        var pod = new Pod { Spec = new PodSpec { RestartPolicy = "Never" }, Status = new PodStatus { Phase = PodPhase.Failed } };

        Assert.Equal(PodPhase.Failed, PodStatusPlanner.Plan(pod, Facts, [], [Container('r', 0)], Now).Phase);
    }

    [Fact]
    public void A_pod_is_not_ready_before_its_gates_are_open()
    {
        var pod = new Pod { Spec = new PodSpec { ReadinessGates = [new V1PodReadinessGate { ConditionType = "example.com/routed" }] } };

        var closed = PodStatusPlanner.Plan(pod, Facts, [], [Container('r', 0)], Now);
        var opened = pod with { Status = pod.Status with { Conditions = [new StatusCondition { Type = "example.com/routed", Status = "True" }] } };
        var open = PodStatusPlanner.Plan(opened, Facts, [], [Container('r', 0)], Now);

        Assert.Equal("ReadinessGatesNotReady", closed.Conditions.Find("Ready")!.Reason);
        Assert.True(closed.Conditions.IsTrue("ContainersReady"));
        Assert.True(open.Conditions.IsTrue("Ready"));
    }

    [Fact]
    public void Nothing_is_written_when_nothing_has_changed()
    {
        var pod = new Pod();
        var first = PodStatusPlanner.Plan(pod, Facts, [], [Container('r', 0)], Now);

        var second = PodStatusPlanner.Plan(pod with { Status = first }, Facts, [], [Container('r', 0)], Now.AddMinutes(1));

        Assert.Null(ObjectWriter.StatusDiff(first, second));
    }

    private static ContainerStatus Container(char state, int number) => new()
    {
        Name = $"c{number}",
        Ready = state == 'r',
        State = state switch
        {
            'w' => new ContainerState { Waiting = new ContainerWaiting("ContainerCreating") },
            'r' => new ContainerState { Running = new ContainerRunning(Now) },
            _ => new ContainerState { Terminated = new ContainerTerminated { ExitCode = state - '0' } },
        },
    };
}

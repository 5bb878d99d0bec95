using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>What a kubelet reports of a pod, as a pure function of the pod and its containers.</summary>
internal static class PodStatusPlanner
{
    private const string ContainersNotReady = "ContainersNotReady";
    private const string ContainersNotInitialized = "ContainersNotInitialized";
    private const string ReadinessGatesNotReady = "ReadinessGatesNotReady";
    private const string PodCompleted = "PodCompleted";
    private const string PodFailed = "PodFailed";

    /// <summary>Plans the status.</summary>
    /// <param name="pod">The pod, with the status that it has.</param>
    /// <param name="facts">Where it runs and since when.</param>
    /// <param name="init">Its init containers.</param>
    /// <param name="containers">Its containers.</param>
    /// <param name="now">Now.</param>
    public static PodStatus Plan(
        Pod pod, PodFacts facts, IReadOnlyList<ContainerStatus> init, IReadOnlyList<ContainerStatus> containers, DateTimeOffset now)
    {
        var phase = pod.IsFinished ? pod.Status.Phase! : Phase(pod.Spec.RestartPolicy, containers);
        return pod.Status with
        {
            ObservedGeneration = Generation(pod),
            Phase = phase,
            Message = null,
            Reason = null,
            HostIp = facts.HostAddress,
            HostIps = [new V1HostIP { Ip = facts.HostAddress }],
            PodIp = facts.PodAddress,
            PodIps = [new V1PodIP { Ip = facts.PodAddress }],
            StartTime = facts.StartTime,
            InitContainerStatuses = init,
            ContainerStatuses = containers,
            Conditions = Conditions(pod, phase, init, containers, now),
        };
    }

    private static string Phase(string restartPolicy, IReadOnlyList<ContainerStatus> containers)
    {
        var started = containers.Where(c => c.State.Running is not null || Ended(c) is not null).ToList();
        if (started.Count < containers.Count)
        {
            return PodPhase.Pending;
        }

        if (restartPolicy == "Always" || containers.Any(c => c.State.Running is not null))
        {
            return PodPhase.Running;
        }

        return containers.All(c => Ended(c)!.ExitCode == 0) ? PodPhase.Succeeded
            : restartPolicy == "Never" ? PodPhase.Failed
            : PodPhase.Running;
    }

    private static ContainerTerminated? Ended(ContainerStatus container) => container.State.Terminated ?? container.LastState.Terminated;

    private static IReadOnlyList<StatusCondition> Conditions(
        Pod pod, string phase, IReadOnlyList<ContainerStatus> init, IReadOnlyList<ContainerStatus> containers, DateTimeOffset now)
    {
        var containersReady = ContainersReady(phase, containers);
        StatusCondition[] own =
        [
            new() { Type = PodConditionType.ReadyToStartContainers, Status = ConditionStatus.True },
            Initialized(phase, init),
            (containersReady.IsTrue ? Gates(pod) : containersReady) with { Type = PodConditionType.Ready },
            containersReady,
            new() { Type = PodConditionType.PodScheduled, Status = ConditionStatus.True },
        ];
        return own.Aggregate(
            pod.Status.Conditions, (conditions, condition) => conditions.Set(condition with { ObservedGeneration = Generation(pod) }, now));
    }

    private static StatusCondition Initialized(string phase, IReadOnlyList<ContainerStatus> init)
    {
        var incomplete = init.Where(container => container.State.Terminated is not { ExitCode: 0 }).Select(container => container.Name).ToList();
        return incomplete.Count > 0
            ? False(PodConditionType.Initialized, ContainersNotInitialized, $"containers with incomplete status: [{string.Join(' ', incomplete)}]")
            : new StatusCondition
            {
                Type = PodConditionType.Initialized,
                Status = ConditionStatus.True,
                Reason = phase == PodPhase.Succeeded ? PodCompleted : null,
            };
    }

    private static StatusCondition ContainersReady(string phase, IReadOnlyList<ContainerStatus> containers)
    {
        if (phase is PodPhase.Succeeded or PodPhase.Failed)
        {
            return False(PodConditionType.ContainersReady, phase == PodPhase.Failed ? PodFailed : PodCompleted, message: null);
        }

        var unready = containers.Where(container => !container.Ready).Select(container => container.Name).ToList();
        return unready.Count > 0
            ? False(PodConditionType.ContainersReady, ContainersNotReady, $"containers with unready status: [{string.Join(' ', unready)}]")
            : new StatusCondition { Type = PodConditionType.ContainersReady, Status = ConditionStatus.True };
    }

    private static StatusCondition Gates(Pod pod)
    {
        var closed = pod.Spec.ReadinessGates.Select(gate => gate.ConditionType).Where(gate => !pod.Status.Conditions.IsTrue(gate)).Select(gate =>
            pod.Status.Conditions.Find(gate) is { } condition
                ? $"the status of pod readiness gate \"{gate}\" is not \"True\", but {condition.Status}"
                : $"corresponding condition of pod readiness gate \"{gate}\" does not exist.").ToList();
        return closed.Count > 0
            ? False(PodConditionType.Ready, ReadinessGatesNotReady, string.Join(", ", closed))
            : new StatusCondition { Type = PodConditionType.Ready, Status = ConditionStatus.True };
    }

    private static StatusCondition False(string type, string reason, string? message) =>
        new() { Type = type, Status = ConditionStatus.False, Reason = reason, Message = message };

    /// <summary>API servers before 1.33 do not count generations of pods.</summary>
    private static long? Generation(Pod pod) => pod.Metadata.Generation > 0 ? pod.Metadata.Generation : null;
}

/// <summary>Where a pod runs and since when.</summary>
/// <param name="PodAddress">Its address.</param>
/// <param name="HostAddress">Address of its node.</param>
/// <param name="StartTime">When the node took it.</param>
internal sealed record PodFacts(string PodAddress, string HostAddress, DateTimeOffset StartTime);

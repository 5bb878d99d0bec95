using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>Init containers prepare files and wait for others by commands, neither of which a container in a process has. They are refused, not skipped.</summary>
internal static class InitContainers
{
    private const string Problem = "this node agent runs containers as services in its process and can't run init containers";

    /// <summary>What is reported of them; empty for a pod without any.</summary>
    public static IReadOnlyList<ContainerStatus> Refuse(Pod pod) =>
    [
        .. pod.Spec.InitContainers.Select((container, i) => new ContainerStatus
        {
            Name = container.Name,
            Image = container.Image ?? "",
            State = new ContainerState
            {
                Waiting = i == 0 ? new ContainerWaiting("CreateContainerError", Problem) : new ContainerWaiting("PodInitializing"),
            },
        }),
    ];
}

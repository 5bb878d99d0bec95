using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>What an agent takes over of a container that another process of it may have run before.</summary>
internal static class ContainerRecovery
{
    /// <summary>Exit code that container runtimes report of containers that did not survive a reboot.</summary>
    private const int Lost = 255;

    /// <summary>The status to begin with.</summary>
    /// <param name="container">The container.</param>
    /// <param name="before">What was last reported of it; null for a new pod.</param>
    /// <param name="now">Now.</param>
    public static ContainerStatus Resume(V1Container container, ContainerStatus? before, DateTimeOffset now)
    {
        var fresh = new ContainerStatus
        {
            Name = container.Name,
            Image = container.Image ?? "",
            State = new ContainerState { Waiting = new ContainerWaiting("ContainerCreating") },
        };
        return before switch
        {
            { State.Running: { } running } => fresh with
            {
                State = new ContainerState
                {
                    Terminated = new ContainerTerminated
                    {
                        ExitCode = Lost,
                        Reason = "Unknown",
                        StartedAt = running.StartedAt,
                        FinishedAt = now,
                        ContainerId = before.ContainerId,
                    },
                },
                RestartCount = before.RestartCount,
                ContainerId = before.ContainerId,
                ImageId = before.ImageId,
            },
            { ContainerId: not null } => before with { Ready = false, Started = false },
            _ => fresh,
        };
    }
}

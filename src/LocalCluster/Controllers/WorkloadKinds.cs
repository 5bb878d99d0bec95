using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Controllers;

/// <summary>Kinds that only the workload controllers use.</summary>
internal static class WorkloadKinds
{
    public static ResourceType ReplicationControllers { get; } = new("", "v1", "replicationcontrollers", "ReplicationController");

    public static ResourceType Endpoints { get; } = new("", "v1", "endpoints", "Endpoints");
}

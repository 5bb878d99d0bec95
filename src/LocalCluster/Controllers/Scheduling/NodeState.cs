using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>A node and the pods that are on it or on their way to it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Pods">Its pods that have not ended.</param>
internal sealed record NodeState(Node Node, IReadOnlyList<Pod> Pods);

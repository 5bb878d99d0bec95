using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Workloads;

/// <summary>The lease by which a node shows that it lives.</summary>
internal sealed record NodeLease : IKubeObject
{
    /// <summary>Namespace of the leases of nodes.</summary>
    public const string NodeNamespace = "kube-node-lease";

    /// <summary>Leases.</summary>
    public static ResourceType ResourceType { get; } = new("coordination.k8s.io", "v1", "leases", "Lease");

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Content.</summary>
    public NodeLeaseSpec Spec { get; init; } = new();
}

/// <summary>Content of a node's lease.</summary>
internal sealed record NodeLeaseSpec
{
    /// <summary>The node.</summary>
    public string? HolderIdentity { get; init; }

    /// <summary>Seconds after which it counts as lost.</summary>
    public int? LeaseDurationSeconds { get; init; }

    /// <summary>When it was last renewed.</summary>
    public DateTimeOffset? RenewTime { get; init; }
}

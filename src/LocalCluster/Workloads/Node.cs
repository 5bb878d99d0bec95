using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace LocalCluster.Workloads;

/// <summary>A node as controllers and the node agent read it.</summary>
internal sealed record Node : IKubeObject
{
    /// <summary>Label of its zone.</summary>
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>Label of its region.</summary>
    public const string RegionLabel = "topology.kubernetes.io/region";

    /// <summary>Label of its host name.</summary>
    public const string HostnameLabel = "kubernetes.io/hostname";

    /// <summary>Condition that it is sound.</summary>
    public const string ReadyCondition = "Ready";

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Desired state.</summary>
    public NodeSpec Spec { get; init; } = new();

    /// <summary>Reported state.</summary>
    public NodeStatus Status { get; init; } = new();

    /// <summary>Its zone; null when it does not say.</summary>
    [JsonIgnore]
    public string? Zone => Metadata.Labels.GetValueOrDefault(ZoneLabel);

    /// <summary>True when it says that it is sound.</summary>
    [JsonIgnore]
    public bool IsReady => Status.Conditions.IsTrue(ReadyCondition);
}

/// <summary>Desired state of a node.</summary>
internal sealed record NodeSpec
{
    /// <summary>Takes no new pods.</summary>
    public bool Unschedulable { get; init; }

    /// <summary>Keeps pods away that do not tolerate them.</summary>
    public IReadOnlyList<V1Taint> Taints { get; init; } = [];
}

/// <summary>Reported state of a node.</summary>
internal sealed record NodeStatus
{
    /// <summary>What it has.</summary>
    public IReadOnlyDictionary<string, ResourceQuantity> Capacity { get; init; } = new Dictionary<string, ResourceQuantity>();

    /// <summary>What of it pods may use.</summary>
    public IReadOnlyDictionary<string, ResourceQuantity> Allocatable { get; init; } = new Dictionary<string, ResourceQuantity>();

    /// <summary>Ready and the pressures.</summary>
    public IReadOnlyList<StatusCondition> Conditions { get; init; } = [];

    /// <summary>Where it is reached.</summary>
    public IReadOnlyList<V1NodeAddress> Addresses { get; init; } = [];

    /// <summary>Where its agent listens.</summary>
    public V1NodeDaemonEndpoints? DaemonEndpoints { get; init; }

    /// <summary>What it is.</summary>
    public V1NodeSystemInfo? NodeInfo { get; init; }
}

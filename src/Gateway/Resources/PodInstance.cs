using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace Gateway.Resources;

/// <summary>A Pod, for its address and its labels.</summary>
internal sealed record PodInstance : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public PodInstanceStatus Status { get; init; } = new();
}

/// <summary>What the cluster says of a Pod.</summary>
internal sealed record PodInstanceStatus
{
    /// <summary>Its address; null before it has one.</summary>
    [JsonPropertyName("podIP")]
    public string? Address { get; init; }
}

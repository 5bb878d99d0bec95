using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Leadership;

/// <summary>coordination.k8s.io/v1 Lease, as far as elections use it.</summary>
internal sealed record Lease : IKubeObject
{
    public static ResourceType ResourceType { get; } = new("coordination.k8s.io", "v1", "leases", "Lease");

    [JsonPropertyOrder(-2)]
    public string ApiVersion { get; init; } = "coordination.k8s.io/v1";

    [JsonPropertyOrder(-1)]
    public string Kind { get; init; } = "Lease";

    public LeaseMeta Metadata { get; init; } = new();

    public LeaseSpec Spec { get; init; } = new();

    ObjectMeta IKubeObject.Metadata => new() { Name = Metadata.Name, Namespace = Metadata.Namespace, ResourceVersion = Metadata.ResourceVersion };
}

/// <summary>The metadata that a replaced lease carries: with the resourceVersion, so that only one of two candidates succeeds.</summary>
internal sealed record LeaseMeta
{
    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string? ResourceVersion { get; init; }
}

internal sealed record LeaseSpec
{
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    /// <summary>MicroTime: RFC 3339 with exactly six digits of a second.</summary>
    public string? AcquireTime { get; init; }

    public string? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }
}

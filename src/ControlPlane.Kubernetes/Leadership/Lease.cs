using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Leadership;

/// <summary>
/// coordination.k8s.io/v1 Lease. A candidate replaces it with the resourceVersion that it read, so that only one of two succeeds; what it does
/// not know of the lease (labels, owners, fields of later versions) goes back as it came.
/// </summary>
internal sealed record Lease
{
    public static ResourceType ResourceType { get; } = new("coordination.k8s.io", "v1", "leases", "Lease");

    [JsonPropertyOrder(-2)]
    public string ApiVersion { get; init; } = "coordination.k8s.io/v1";

    [JsonPropertyOrder(-1)]
    public string Kind { get; init; } = "Lease";

    public LeaseMeta Metadata { get; init; } = new();

    public LeaseSpec Spec { get; init; } = new();
}

internal sealed record LeaseMeta
{
    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string? ResourceVersion { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }
}

internal sealed record LeaseSpec
{
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    /// <summary>MicroTime: RFC 3339 with exactly six digits of a second.</summary>
    public string? AcquireTime { get; init; }

    public string? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }
}

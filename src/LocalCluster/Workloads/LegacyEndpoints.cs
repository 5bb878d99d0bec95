using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Workloads;

/// <summary>An Endpoints object, which EndpointSlices have replaced and which some clients still read.</summary>
internal sealed record LegacyEndpoints : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Instances by the ports that they serve.</summary>
    public IReadOnlyList<EndpointSubset> Subsets { get; init; } = [];
}

/// <summary>Instances that serve the same ports.</summary>
internal sealed record EndpointSubset
{
    /// <summary>Those that are ready.</summary>
    public IReadOnlyList<EndpointAddress> Addresses { get; init; } = [];

    /// <summary>Those that are not.</summary>
    public IReadOnlyList<EndpointAddress> NotReadyAddresses { get; init; } = [];

    /// <summary>Ports.</summary>
    public IReadOnlyList<LegacyEndpointPort> Ports { get; init; } = [];
}

/// <summary>One instance.</summary>
internal sealed record EndpointAddress
{
    public string Ip { get; init; } = "";

    public string? Hostname { get; init; }

    public string? NodeName { get; init; }

    public EndpointTarget? TargetRef { get; init; }
}

/// <summary>A port; unlike in a slice, an empty name is left out.</summary>
internal sealed record LegacyEndpointPort
{
    public string? Name { get; init; }

    public int? Port { get; init; }

    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }
}

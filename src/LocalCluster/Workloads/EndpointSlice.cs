using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Workloads;

/// <summary>An EndpointSlice.</summary>
internal sealed record EndpointSlice : IKubeObject
{
    /// <summary>Label that names the Service.</summary>
    public const string ServiceLabel = "kubernetes.io/service-name";

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public string AddressType { get; init; } = "IPv4";

    /// <summary>Instances. The API writes null for none.</summary>
    [AllowNull]
    public IReadOnlyList<Endpoint> Endpoints { get; init => field = value ?? []; } = [];

    /// <summary>Ports that all of them serve. The API writes null for none.</summary>
    [AllowNull]
    public IReadOnlyList<EndpointPort> Ports { get; init => field = value ?? []; } = [];

    /// <summary>The Service that it belongs to; null for none.</summary>
    [JsonIgnore]
    public ObjectKey? Service => Metadata.Labels.TryGetValue(ServiceLabel, out var name) ? new(Metadata.Namespace, name) : null;
}

/// <summary>One instance.</summary>
internal sealed record Endpoint
{
    /// <summary>Addresses; the first is used.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Whether it serves.</summary>
    public EndpointConditions Conditions { get; init; } = new();

    /// <summary>Host name, if it has one of its own.</summary>
    public string? Hostname { get; init; }

    /// <summary>Its pod.</summary>
    public EndpointTarget? TargetRef { get; init; }

    /// <summary>Its node.</summary>
    public string? NodeName { get; init; }

    /// <summary>Its zone.</summary>
    public string? Zone { get; init; }
}

/// <summary>Whether an instance serves. What is not said is taken as yes, yes and no.</summary>
/// <param name="Ready">Takes traffic.</param>
/// <param name="Serving">Passes its readiness probe, even on its way out.</param>
/// <param name="Terminating">Is on its way out.</param>
internal sealed record EndpointConditions(bool? Ready = null, bool? Serving = null, bool? Terminating = null);

/// <summary>The pod of an instance.</summary>
internal sealed record EndpointTarget
{
    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }
}

/// <summary>A port of a slice.</summary>
internal sealed record EndpointPort
{
    /// <summary>Name of the Service's port; empty for an only port.</summary>
    public string? Name { get; init; }

    /// <summary>Number on the pods.</summary>
    public int? Port { get; init; }

    /// <summary><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>Application protocol.</summary>
    public string? AppProtocol { get; init; }
}

using System.Diagnostics.CodeAnalysis;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Cluster;

/// <summary>What the operators keep of an EndpointSlice.</summary>
public sealed record EndpointSliceView : IKubeObject
{
    /// <summary>Label that names the Service of a slice.</summary>
    public const string ServiceLabel = "kubernetes.io/service-name";

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>IPv4, IPv6 or FQDN.</summary>
    public string AddressType { get; init; } = "";

    /// <summary>Instances. A slice of none has <c>null</c> on the wire.</summary>
    [AllowNull]
    public IReadOnlyList<EndpointView> Endpoints { get; init => field = value ?? []; } = [];

    /// <summary>Ports that all of them serve. <c>null</c> on the wire as long as the Service selects nothing.</summary>
    [AllowNull]
    public IReadOnlyList<EndpointPortView> Ports { get; init => field = value ?? []; } = [];

    /// <summary>The Service that it belongs to; null for none.</summary>
    public ObjectKey? Service => Metadata.Labels.TryGetValue(ServiceLabel, out var name) ? new(Metadata.Namespace, name) : null;
}

/// <summary>One instance in a slice.</summary>
public sealed record EndpointView
{
    /// <summary>Addresses; the first is used.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Whether it serves.</summary>
    public EndpointConditionsView Conditions { get; init; } = new();

    /// <summary>Its pod.</summary>
    public EndpointTargetView? TargetRef { get; init; }

    /// <summary>Its node.</summary>
    public string? NodeName { get; init; }

    /// <summary>Its zone.</summary>
    public string? Zone { get; init; }
}

/// <summary>Whether an instance serves.</summary>
public sealed record EndpointConditionsView
{
    /// <summary>Takes traffic. Unset means yes.</summary>
    public bool? Ready { get; init; }

    /// <summary>Is on its way out.</summary>
    public bool? Terminating { get; init; }
}

/// <summary>What an endpoint stands for.</summary>
public sealed record EndpointTargetView
{
    /// <summary>Kind, usually Pod.</summary>
    public string? Kind { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }
}

/// <summary>A port of a slice.</summary>
public sealed record EndpointPortView
{
    /// <summary>Name; empty for the only port.</summary>
    public string? Name { get; init; }

    /// <summary>Number.</summary>
    public int? Port { get; init; }

    /// <summary>TCP, UDP or SCTP.</summary>
    public string? Protocol { get; init; }

    /// <summary>Application protocol.</summary>
    public string? AppProtocol { get; init; }
}

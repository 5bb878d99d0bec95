using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace Gateway.Resources;

/// <summary>A Namespace, for its labels.</summary>
internal sealed record NamespaceLabels : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();
}

/// <summary>A Service, as backends name it.</summary>
internal sealed record Service : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public ServiceSpec Spec { get; init; } = new();
}

/// <summary>Desired state of a Service.</summary>
internal sealed record ServiceSpec
{
    public string Type { get; init; } = "ClusterIP";

    public IReadOnlyList<ServicePort> Ports { get; init; } = [];
}

/// <summary>A port of a Service.</summary>
internal sealed record ServicePort
{
    /// <summary>Name, by which EndpointSlices know it; empty for an only port.</summary>
    public string Name { get; init; } = "";

    public int Port { get; init; }

    public string Protocol { get; init; } = "TCP";

    public string? AppProtocol { get; init; }
}

/// <summary>Instances of a Service.</summary>
internal sealed record EndpointSlice : IKubeObject
{
    public const string ServiceLabel = "kubernetes.io/service-name";

    public ObjectMeta Metadata { get; init; } = new();

    public string AddressType { get; init; } = "";

    /// <summary>Instances. The API writes null for none.</summary>
    [AllowNull]
    public IReadOnlyList<SliceEndpoint> Endpoints { get; init => field = value ?? []; } = [];

    /// <summary>Ports. The API writes null for none.</summary>
    [AllowNull]
    public IReadOnlyList<SlicePort> Ports { get; init => field = value ?? []; } = [];

    [JsonIgnore]
    public ObjectKey? Service => Metadata.Labels.TryGetValue(ServiceLabel, out var name) ? new(Metadata.Namespace, name) : null;
}

/// <summary>One instance.</summary>
internal sealed record SliceEndpoint
{
    public IReadOnlyList<string> Addresses { get; init; } = [];

    public SliceEndpointConditions Conditions { get; init; } = new();

    /// <summary>What it is, mostly a Pod; null where nothing is said.</summary>
    public SliceEndpointTarget? TargetRef { get; init; }
}

/// <summary>What an instance is.</summary>
internal sealed record SliceEndpointTarget(string Kind = "", string Name = "");

/// <summary>Whether an instance serves. What is not said is taken as yes, yes and no.</summary>
internal sealed record SliceEndpointConditions(bool? Ready = null, bool? Serving = null, bool? Terminating = null);

/// <summary>A port of all instances of a slice.</summary>
internal sealed record SlicePort(string? Name = null, int? Port = null);

/// <summary>A Secret with keys of clients. Never logged: its only text form is its name.</summary>
internal sealed record KeySecret : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    public override string ToString() => $"Secret {Metadata.Key}";
}

/// <summary>A Secret with a certificate and its key. Never logged: its only text form is its name.</summary>
internal sealed record TlsSecret : IKubeObject
{
    public const string SecretType = "kubernetes.io/tls";

    public ObjectMeta Metadata { get; init; } = new();

    public string Type { get; init; } = "";

    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    public override string ToString() => $"Secret {Metadata.Key}";
}

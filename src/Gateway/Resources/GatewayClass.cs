using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace Gateway.Resources;

/// <summary>Which controller keeps the Gateways of a class.</summary>
internal sealed record GatewayClass : CustomResource<GatewayClassSpec, GatewayClassStatus>;

/// <summary>Desired state of a GatewayClass.</summary>
internal sealed record GatewayClassSpec
{
    public string ControllerName { get; init; } = "";

    /// <summary>Parameters of the class. This gateway knows none, and says so.</summary>
    public ParametersReference? ParametersRef { get; init; }
}

/// <summary>Names an object with parameters.</summary>
internal sealed record ParametersReference(string Group = "", string Kind = "", string Name = "");

/// <summary>Observed state of a GatewayClass.</summary>
internal sealed record GatewayClassStatus
{
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public IReadOnlyList<SupportedFeature> SupportedFeatures { get; init; } = [];
}

/// <summary>A feature of the conformance suite.</summary>
internal sealed record SupportedFeature(string Name);

/// <summary>A kind that routes may have.</summary>
internal sealed record RouteGroupKind
{
    public string Group { get; init; } = GatewayApi.Group;

    public string Kind { get; init; } = "";

    [JsonIgnore]
    public bool IsHttpRoute => Group == GatewayApi.Group && Kind == "HTTPRoute";
}

using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>Base of the fleet's own kinds: a spec that people declare and a status that operators report.</summary>
/// <typeparam name="TSpec">Desired state.</typeparam>
/// <typeparam name="TStatus">Observed state.</typeparam>
public abstract record CustomResource<TSpec, TStatus> : IKubeObject
    where TSpec : class, new()
    where TStatus : class
{
    /// <summary>API version of the manifest.</summary>
    [JsonPropertyOrder(-4)]
    public string ApiVersion { get; init; } = "";

    /// <summary>Kind of the manifest.</summary>
    [JsonPropertyOrder(-3)]
    public string Kind { get; init; } = "";

    /// <inheritdoc/>
    [JsonPropertyOrder(-2)]
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Desired state.</summary>
    [JsonPropertyOrder(-1)]
    public TSpec Spec { get; init; } = new();

    /// <summary>Observed state; null until an operator has seen the object.</summary>
    public TStatus? Status { get; init; }
}

using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace LocalCluster.Workloads;

/// <summary>A Service as controllers and the node agent read it.</summary>
internal sealed record Service : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Desired state.</summary>
    public ServiceSpec Spec { get; init; } = new();

    /// <summary>True when the pod is one of its own. A Service without a selector has none.</summary>
    public bool Selects(Pod pod) =>
        Spec.Selector.Count > 0
        && Spec.Selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}

/// <summary>Desired state of a Service.</summary>
internal sealed record ServiceSpec
{
    private const string NoClusterIp = "None";

    /// <summary>Labels of its pods; empty when others say what its endpoints are.</summary>
    public IReadOnlyDictionary<string, string> Selector { get; init; } = new Dictionary<string, string>();

    /// <summary>Ports.</summary>
    public IReadOnlyList<V1ServicePort> Ports { get; init; } = [];

    /// <summary><c>ClusterIP</c>, <c>NodePort</c>, <c>LoadBalancer</c> or <c>ExternalName</c>.</summary>
    public string Type { get; init; } = "ClusterIP";

    /// <summary>Its address, <c>None</c> for a headless one.</summary>
    [JsonPropertyName("clusterIP")]
    public string ClusterIp { get; init; } = "";

    /// <summary>Families of its addresses.</summary>
    public IReadOnlyList<string> IpFamilies { get; init; } = [];

    /// <summary>Pods count as ready whether they are or not.</summary>
    public bool PublishNotReadyAddresses { get; init; }

    /// <summary>Name that it stands for (ExternalName).</summary>
    public string? ExternalName { get; init; }

    /// <summary>True when it has no address of its own: its name stands for its pods.</summary>
    [JsonIgnore]
    public bool IsHeadless => ClusterIp is NoClusterIp or "";
}

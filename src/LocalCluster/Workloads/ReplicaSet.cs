using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace LocalCluster.Workloads;

/// <summary>A ReplicaSet, or a ReplicationController in the same form.</summary>
internal sealed record ReplicaSet : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Desired state.</summary>
    public ReplicaSetSpec Spec { get; init; } = new();

    /// <summary>Reported state.</summary>
    public ReplicaSetStatus Status { get; init; } = new();
}

/// <summary>Desired state of a ReplicaSet, after the API's defaults.</summary>
internal sealed record ReplicaSetSpec
{
    /// <summary>Wanted pods.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Which pods are its own.</summary>
    public V1LabelSelector? Selector { get; init; }

    /// <summary>The pods that it makes.</summary>
    public PodTemplate Template { get; init; } = PodTemplate.Empty;

    /// <summary>Seconds that a pod must have been ready for to count as available.</summary>
    public int MinReadySeconds { get; init; }
}

/// <summary>Reported state of a ReplicaSet.</summary>
internal sealed record ReplicaSetStatus
{
    /// <summary>Pods that are not on their way out.</summary>
    public int Replicas { get; init; }

    /// <summary>Pods that carry all labels of the template.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FullyLabeledReplicas { get; init; }

    /// <summary>Ready pods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ReadyReplicas { get; init; }

    /// <summary>Pods that have been ready for long enough.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AvailableReplicas { get; init; }

    /// <summary>Pods on their way out; null for kinds that do not count them.</summary>
    public int? TerminatingReplicas { get; init; }

    /// <summary>Generation that this speaks of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ObservedGeneration { get; init; }

    /// <summary>ReplicaFailure.</summary>
    public IReadOnlyList<StatusCondition> Conditions { get; init; } = [];
}

/// <summary>Reads a ReplicationController, whose selector is a plain map, as the ReplicaSet that it amounts to.</summary>
internal sealed class ReplicationControllerDecoder : IObjectDecoder<ReplicaSet>
{
    /// <inheritdoc/>
    public ReplicaSet Decode(ReadOnlySpan<byte> json)
    {
        var controller = JsonSerializer.Deserialize<ReplicationController>(json, KubeJson.Options) ?? throw new JsonException("null in place of an object");
        return new ReplicaSet
        {
            Metadata = controller.Metadata,
            Spec = new ReplicaSetSpec
            {
                Replicas = controller.Spec.Replicas,
                Selector = controller.Spec.Selector is { } labels ? new V1LabelSelector { MatchLabels = labels } : null,
                Template = controller.Spec.Template,
                MinReadySeconds = controller.Spec.MinReadySeconds,
            },
            Status = controller.Status,
        };
    }

    private sealed record ReplicationController
    {
        public ObjectMeta Metadata { get; init; } = new();

        public ReplicationControllerSpec Spec { get; init; } = new();

        public ReplicaSetStatus Status { get; init; } = new();
    }

    private sealed record ReplicationControllerSpec
    {
        public int Replicas { get; init; } = 1;

        public Dictionary<string, string>? Selector { get; init; }

        public PodTemplate Template { get; init; } = PodTemplate.Empty;

        public int MinReadySeconds { get; init; }
    }
}

using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace LocalCluster.Workloads;

/// <summary>A HorizontalPodAutoscaler, version 2, as its controller reads it.</summary>
internal sealed record HorizontalPodAutoscaler : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Desired state.</summary>
    public HorizontalPodAutoscalerSpec Spec { get; init; } = new();

    /// <summary>Reported state.</summary>
    public HorizontalPodAutoscalerStatus Status { get; init; } = new();
}

/// <summary>Desired state of an autoscaler, after the API's defaults.</summary>
internal sealed record HorizontalPodAutoscalerSpec
{
    /// <summary>What it scales.</summary>
    public V2CrossVersionObjectReference? ScaleTargetRef { get; init; }

    /// <summary>Fewest pods.</summary>
    public int MinReplicas { get; init; } = 1;

    /// <summary>Most pods.</summary>
    public int MaxReplicas { get; init; }

    /// <summary>What it scales by.</summary>
    public IReadOnlyList<V2MetricSpec> Metrics { get; init; } = [];
}

/// <summary>Reported state of an autoscaler.</summary>
internal sealed record HorizontalPodAutoscalerStatus
{
    /// <summary>Generation that this speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When it last changed the number.</summary>
    public DateTimeOffset? LastScaleTime { get; init; }

    /// <summary>Pods there were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CurrentReplicas { get; init; }

    /// <summary>Pods there should be.</summary>
    public int DesiredReplicas { get; init; }

    /// <summary>AbleToScale, ScalingActive, ScalingLimited.</summary>
    public IReadOnlyList<StatusCondition> Conditions { get; init; } = [];
}

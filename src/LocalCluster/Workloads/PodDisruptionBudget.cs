using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace LocalCluster.Workloads;

/// <summary>A PodDisruptionBudget as its controller reads it.</summary>
internal sealed record PodDisruptionBudget : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Desired state.</summary>
    public PodDisruptionBudgetSpec Spec { get; init; } = new();

    /// <summary>Reported state; null until its controller has seen it.</summary>
    public PodDisruptionBudgetStatus? Status { get; init; }
}

/// <summary>Desired state of a budget.</summary>
internal sealed record PodDisruptionBudgetSpec
{
    /// <summary>Its pods. An empty one selects all pods of the namespace.</summary>
    public V1LabelSelector? Selector { get; init; }

    /// <summary>Pods that must stay healthy, as a number or a percentage.</summary>
    public IntOrString? MinAvailable { get; init; }

    /// <summary>Pods that may be unhealthy, as a number or a percentage.</summary>
    public IntOrString? MaxUnavailable { get; init; }
}

/// <summary>Reported state of a budget.</summary>
internal sealed record PodDisruptionBudgetStatus
{
    /// <summary>Generation that this speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Pods that the eviction API took and that are not seen to end yet, by name.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> DisruptedPods { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>Pods that may be evicted now.</summary>
    public int DisruptionsAllowed { get; init; }

    /// <summary>Healthy pods.</summary>
    public int CurrentHealthy { get; init; }

    /// <summary>Pods that must stay healthy.</summary>
    public int DesiredHealthy { get; init; }

    /// <summary>Pods that are counted.</summary>
    public int ExpectedPods { get; init; }

    /// <summary>DisruptionAllowed.</summary>
    public IReadOnlyList<StatusCondition> Conditions { get; init; } = [];
}

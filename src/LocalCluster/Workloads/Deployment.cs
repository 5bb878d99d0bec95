using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace LocalCluster.Workloads;

/// <summary>A Deployment as its controller reads it.</summary>
internal sealed record Deployment : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Desired state.</summary>
    public DeploymentSpec Spec { get; init; } = new();

    /// <summary>Reported state.</summary>
    public DeploymentStatus Status { get; init; } = new();
}

/// <summary>Desired state of a Deployment, after the API's defaults.</summary>
internal sealed record DeploymentSpec
{
    /// <summary>No deadline at all.</summary>
    private const int Unlimited = int.MaxValue;

    /// <summary>Wanted pods.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Which pods are its own.</summary>
    public V1LabelSelector? Selector { get; init; }

    /// <summary>The pods that it makes.</summary>
    public PodTemplate Template { get; init; } = PodTemplate.Empty;

    /// <summary>How one template replaces another.</summary>
    public DeploymentStrategy Strategy { get; init; } = new();

    /// <summary>Seconds that a pod must have been ready for to count as available.</summary>
    public int MinReadySeconds { get; init; }

    /// <summary>Old ReplicaSets to keep; null for all.</summary>
    public int? RevisionHistoryLimit { get; init; }

    /// <summary>No rollout is begun or continued.</summary>
    public bool Paused { get; init; }

    /// <summary>Seconds without progress after which a rollout counts as stuck; null for never.</summary>
    public int? ProgressDeadlineSeconds { get; init; }

    /// <summary>How long a rollout may go without progress; null for ever.</summary>
    [JsonIgnore]
    public TimeSpan? ProgressDeadline =>
        ProgressDeadlineSeconds is { } seconds and not Unlimited ? TimeSpan.FromSeconds(seconds) : null;
}

/// <summary>How one template replaces another.</summary>
internal sealed record DeploymentStrategy
{
    /// <summary><c>RollingUpdate</c> or <c>Recreate</c>.</summary>
    public string Type { get; init; } = "RollingUpdate";

    /// <summary>Bounds of a rolling update.</summary>
    public RollingUpdate? RollingUpdate { get; init; }
}

/// <summary>Bounds of a rolling update, as numbers or percentages of the wanted pods.</summary>
internal sealed record RollingUpdate
{
    /// <summary>Pods above the wanted number.</summary>
    public IntOrString? MaxSurge { get; init; }

    /// <summary>Pods below the wanted number.</summary>
    public IntOrString? MaxUnavailable { get; init; }
}

/// <summary>Reported state of a Deployment.</summary>
internal sealed record DeploymentStatus
{
    /// <summary>Generation that this speaks of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ObservedGeneration { get; init; }

    /// <summary>Pods that are not on their way out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Replicas { get; init; }

    /// <summary>Pods of the newest template.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UpdatedReplicas { get; init; }

    /// <summary>Ready pods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ReadyReplicas { get; init; }

    /// <summary>Pods that have been ready for long enough.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AvailableReplicas { get; init; }

    /// <summary>Pods that are missing or not available.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UnavailableReplicas { get; init; }

    /// <summary>Pods on their way out; null when a ReplicaSet does not say.</summary>
    public int? TerminatingReplicas { get; init; }

    /// <summary>How often the name of a ReplicaSet was found to be taken by another template.</summary>
    public int? CollisionCount { get; init; }

    /// <summary>Available, Progressing, ReplicaFailure.</summary>
    public IReadOnlyList<StatusCondition> Conditions { get; init; } = [];
}

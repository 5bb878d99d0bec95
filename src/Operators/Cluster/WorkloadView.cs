using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Cluster;

/// <summary>What the operators read of a Deployment, StatefulSet or DaemonSet, whoever runs it.</summary>
public sealed record WorkloadView : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What is wanted.</summary>
    public WorkloadSpecView Spec { get; init; } = new();

    /// <summary>What is so.</summary>
    public WorkloadStatusView Status { get; init; } = new();

    /// <summary>Instances that are wanted: the spec's, or for a DaemonSet one for each node that fits.</summary>
    public int Desired => Spec.Replicas ?? Status.DesiredNumberScheduled ?? 1;

    /// <summary>Instances that exist.</summary>
    public int Total => Status.Replicas ?? Status.CurrentNumberScheduled ?? 0;

    /// <summary>Instances that serve.</summary>
    public int Ready => Status.ReadyReplicas ?? Status.NumberReady ?? 0;

    /// <summary>Instances of the newest revision.</summary>
    public int Updated => Status.UpdatedReplicas ?? Status.UpdatedNumberScheduled ?? 0;

    /// <summary>True when the cluster's controller has seen the newest spec.</summary>
    public bool IsObserved => Status.ObservedGeneration >= Metadata.Generation;

    /// <summary>Why the cluster gave up on a rollout; null when it did not.</summary>
    public string? Stuck => Status.Conditions
        .FirstOrDefault(c => c is { Type: "Progressing", Status: "False", Reason: "ProgressDeadlineExceeded" })?.Message;
}

/// <summary>Workload spec, as far as it is read.</summary>
public sealed record WorkloadSpecView
{
    /// <summary>Wanted instances; null for kinds that count nodes.</summary>
    public int? Replicas { get; init; }

    /// <summary>How its pods are found.</summary>
    public LabelSelectorView? Selector { get; init; }

    /// <summary>Its pod template, whole.</summary>
    public JsonObject? Template { get; init; }
}

/// <summary>Label selector.</summary>
public sealed record LabelSelectorView
{
    /// <summary>Labels that must be there.</summary>
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }
}

/// <summary>Workload status, over the three kinds.</summary>
public sealed record WorkloadStatusView
{
    /// <summary>Generation that the cluster's controller has seen.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Deployment, StatefulSet: existing.</summary>
    public int? Replicas { get; init; }

    /// <summary>Deployment, StatefulSet: serving.</summary>
    public int? ReadyReplicas { get; init; }

    /// <summary>Deployment, StatefulSet: of the newest revision.</summary>
    public int? UpdatedReplicas { get; init; }

    /// <summary>DaemonSet: wanted.</summary>
    public int? DesiredNumberScheduled { get; init; }

    /// <summary>DaemonSet: existing.</summary>
    public int? CurrentNumberScheduled { get; init; }

    /// <summary>DaemonSet: serving.</summary>
    public int? NumberReady { get; init; }

    /// <summary>DaemonSet: of the newest revision.</summary>
    public int? UpdatedNumberScheduled { get; init; }

    /// <summary>Conditions.</summary>
    public IReadOnlyList<PodConditionView> Conditions { get; init; } = [];
}

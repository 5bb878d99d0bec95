using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>What the operator runs for a <see cref="ManagedService"/>. The CRD says units, ranges and meanings of every field.</summary>
public sealed record ServiceWorkload
{
    /// <summary>Container image; null when <see cref="Template"/> is set.</summary>
    public string? Image { get; init; }

    /// <summary>Entry point; empty for the image's.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Arguments; empty for the image's.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Ports, the main one first; empty for http 8080.</summary>
    public IReadOnlyList<WorkloadPort> Ports { get; init; } = [];

    /// <summary>Environment variables.</summary>
    public IReadOnlyList<WorkloadVariable> Env { get; init; } = [];

    /// <summary>ConfigMaps and Secrets whose every key becomes a variable.</summary>
    public IReadOnlyList<WorkloadVariables> EnvFrom { get; init; } = [];

    /// <summary>What one instance asks for and may use; null for the baseline's.</summary>
    public WorkloadResources? Resources { get; init; }

    /// <summary>Instances at first deployment, and after that only while autoscaling is off.</summary>
    public int Replicas { get; init; } = 5;

    /// <summary>The HorizontalPodAutoscaler.</summary>
    public WorkloadAutoscaling Autoscaling { get; init; } = new();

    /// <summary>The Service in front of the instances.</summary>
    public WorkloadExposure Exposure { get; init; } = new();

    /// <summary>How a change of the pod template is rolled out.</summary>
    public WorkloadRollout Rollout { get; init; } = new();

    /// <summary>The PodDisruptionBudget.</summary>
    public WorkloadDisruption Disruption { get; init; } = new();

    /// <summary>Health probes; null for the baseline's.</summary>
    public WorkloadProbes? Probes { get; init; }

    /// <summary>How an instance leaves.</summary>
    public WorkloadLifecycle Lifecycle { get; init; } = new();

    /// <summary>Files and directories beside the image.</summary>
    public IReadOnlyList<WorkloadMount> Mounts { get; init; } = [];

    /// <summary>Security context; null for the baseline's.</summary>
    public WorkloadSecurity? Security { get; init; }

    /// <summary>Where instances go; null for anywhere, spread.</summary>
    public WorkloadPlacement? Placement { get; init; }

    /// <summary>More labels on its pods.</summary>
    public IReadOnlyDictionary<string, string>? PodLabels { get; init; }

    /// <summary>More annotations on its pods.</summary>
    public IReadOnlyDictionary<string, string>? PodAnnotations { get; init; }

    /// <summary>What its ServiceAccount may do in its own namespace.</summary>
    public IReadOnlyList<WorkloadPermission> Permissions { get; init; } = [];

    /// <summary>ServiceMonitor and PrometheusRule.</summary>
    public WorkloadMonitoring Monitoring { get; init; } = new();

    /// <summary>The NetworkPolicy.</summary>
    public WorkloadNetwork Network { get; init; } = new();

    /// <summary>A whole pod template instead of the golden path; null for the golden path.</summary>
    public JsonObject? Template { get; init; }

    /// <summary>Labels by which Deployment and Service find the pods; null for the operator's own.</summary>
    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    /// <summary>Names of owned objects where they differ from the service's name.</summary>
    public WorkloadObjectNames? ObjectNames { get; init; }

    /// <summary>True: objects of these names that exist already are kept as declared from now on; they stay when the service is deleted.</summary>
    public bool TakeOver { get; init; }
}

/// <summary>Names of owned objects; null for the service's own name.</summary>
public sealed record WorkloadObjectNames
{
    /// <summary>Name of the Deployment.</summary>
    public string? Deployment { get; init; }

    /// <summary>Name of the Service.</summary>
    public string? Service { get; init; }

    /// <summary>Name of the HorizontalPodAutoscaler.</summary>
    public string? HorizontalPodAutoscaler { get; init; }

    /// <summary>Name of the PodDisruptionBudget.</summary>
    public string? PodDisruptionBudget { get; init; }

    /// <summary>Name of the NetworkPolicy.</summary>
    public string? NetworkPolicy { get; init; }

    /// <summary>Name of the ServiceAccount.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>Name of the Role.</summary>
    public string? Role { get; init; }

    /// <summary>Name of the RoleBinding.</summary>
    public string? RoleBinding { get; init; }

    /// <summary>Name of the ServiceMonitor.</summary>
    public string? ServiceMonitor { get; init; }

    /// <summary>Name of the PrometheusRule.</summary>
    public string? PrometheusRule { get; init; }
}

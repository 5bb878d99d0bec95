using System.Text.Json.Nodes;
using k8s.Models;

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

/// <summary>A port that a workload serves.</summary>
public sealed record WorkloadPort
{
    /// <summary>Port name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Port of the Service.</summary>
    public int Port { get; init; }

    /// <summary>Port of the container; null for <see cref="Port"/>.</summary>
    public int? TargetPort { get; init; }

    /// <summary><c>TCP</c> or <c>UDP</c>.</summary>
    public string Protocol { get; init; } = "TCP";

    /// <summary>Application protocol.</summary>
    public string? AppProtocol { get; init; }
}

/// <summary>An environment variable.</summary>
public sealed record WorkloadVariable
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Value in clear.</summary>
    public string? Value { get; init; }

    /// <summary>One key of a Secret.</summary>
    public KeyReference? SecretKeyRef { get; init; }

    /// <summary>One key of a ConfigMap.</summary>
    public KeyReference? ConfigMapKeyRef { get; init; }

    /// <summary>A field of the pod.</summary>
    public string? FieldRef { get; init; }
}

/// <summary>Names one key of a Secret or ConfigMap.</summary>
public sealed record KeyReference
{
    /// <summary>Object name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Key in the object.</summary>
    public string Key { get; init; } = "";

    /// <summary>Start without it when it is missing.</summary>
    public bool? Optional { get; init; }
}

/// <summary>A ConfigMap or Secret whose every key becomes a variable.</summary>
public sealed record WorkloadVariables
{
    /// <summary>Name of a ConfigMap.</summary>
    public string? ConfigMap { get; init; }

    /// <summary>Name of a Secret.</summary>
    public string? Secret { get; init; }

    /// <summary>Put in front of each key.</summary>
    public string? Prefix { get; init; }

    /// <summary>Start without it when it is missing.</summary>
    public bool? Optional { get; init; }
}

/// <summary>Resources of one instance.</summary>
public sealed record WorkloadResources
{
    /// <summary>Guaranteed, by resource name.</summary>
    public IReadOnlyDictionary<string, ResourceQuantity>? Requests { get; init; }

    /// <summary>Upper bound, by resource name.</summary>
    public IReadOnlyDictionary<string, ResourceQuantity>? Limits { get; init; }
}

/// <summary>The HorizontalPodAutoscaler of a workload.</summary>
public sealed record WorkloadAutoscaling
{
    /// <summary>Who owns the number of instances.</summary>
    public AutoscalingMode Mode { get; init; } = AutoscalingMode.Managed;

    /// <summary>Never fewer instances.</summary>
    public int MinReplicas { get; init; } = 3;

    /// <summary>Never more instances.</summary>
    public int MaxReplicas { get; init; } = 20;

    /// <summary>Target CPU use in per cent of the request.</summary>
    public int CpuPercent { get; init; } = 70;

    /// <summary>Target memory use in per cent of the request.</summary>
    public int MemoryPercent { get; init; } = 80;

    /// <summary>How fast to grow.</summary>
    public ScaleUpPace ScaleUp { get; init; } = new();

    /// <summary>How fast to shrink.</summary>
    public ScaleDownPace ScaleDown { get; init; } = new();
}

/// <summary>Who owns the number of instances.</summary>
public enum AutoscalingMode
{
    /// <summary>A HorizontalPodAutoscaler that the operator keeps.</summary>
    Managed,

    /// <summary>Somebody else's autoscaler.</summary>
    External,

    /// <summary>The declaration: <see cref="ServiceWorkload.Replicas"/> is kept.</summary>
    None,
}

/// <summary>The Service in front of a workload.</summary>
public sealed record WorkloadExposure
{
    /// <summary>False: no Service is made.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>How fast a workload grows.</summary>
public sealed record ScaleUpPace
{
    /// <summary>At most this many per cent per period.</summary>
    public int Percent { get; init; } = 50;

    /// <summary>Period in seconds.</summary>
    public int PeriodSeconds { get; init; } = 60;

    /// <summary>Act on the lowest advice of so many past seconds.</summary>
    public int StabilizationWindowSeconds { get; init; } = 60;
}

/// <summary>How fast a workload shrinks.</summary>
public sealed record ScaleDownPace
{
    /// <summary>At most this many per cent per period.</summary>
    public int Percent { get; init; } = 10;

    /// <summary>Period in seconds.</summary>
    public int PeriodSeconds { get; init; } = 60;

    /// <summary>Act on the highest advice of so many past seconds.</summary>
    public int StabilizationWindowSeconds { get; init; } = 300;
}

/// <summary>How a change of the pod template is rolled out.</summary>
public sealed record WorkloadRollout
{
    /// <summary>Instances, or per cent, above the wanted number.</summary>
    public IntOrString MaxSurge { get; init; } = 2;

    /// <summary>Instances, or per cent, that may be missing.</summary>
    public IntOrString MaxUnavailable { get; init; } = 1;
}

/// <summary>The PodDisruptionBudget of a workload.</summary>
public sealed record WorkloadDisruption
{
    /// <summary>False: no PodDisruptionBudget is made.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Instances, or per cent, that a drain may take at once.</summary>
    public IntOrString MaxUnavailable { get; init; } = 1;
}

/// <summary>Health probes of a workload.</summary>
public sealed record WorkloadProbes
{
    /// <summary>A failing instance is restarted.</summary>
    public WorkloadProbe? Liveness { get; init; }

    /// <summary>A failing instance gets no traffic.</summary>
    public WorkloadProbe? Readiness { get; init; }

    /// <summary>Holds the other two back until it has passed.</summary>
    public WorkloadProbe? Startup { get; init; }
}

/// <summary>A health probe; null fields have the baseline's values.</summary>
public sealed record WorkloadProbe
{
    /// <summary>Path of an HTTP GET.</summary>
    public string? Path { get; init; }

    /// <summary>Name of the port; null for the first.</summary>
    public string? Port { get; init; }

    /// <summary>Seconds before the first check.</summary>
    public int? InitialDelaySeconds { get; init; }

    /// <summary>Seconds between checks.</summary>
    public int? PeriodSeconds { get; init; }

    /// <summary>Seconds until an unanswered check has failed.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>Failures in a row that count.</summary>
    public int? FailureThreshold { get; init; }
}

/// <summary>How an instance leaves.</summary>
public sealed record WorkloadLifecycle
{
    /// <summary>Seconds that it goes on serving after it was taken out of the endpoints.</summary>
    public int PreStopSeconds { get; init; } = 15;

    /// <summary>Seconds until it is killed, <see cref="PreStopSeconds"/> included.</summary>
    public int TerminationGracePeriodSeconds { get; init; } = 45;
}

/// <summary>A file or directory that a workload needs; exactly one source is set.</summary>
public sealed record WorkloadMount
{
    /// <summary>Where it is mounted.</summary>
    public string Path { get; init; } = "";

    /// <summary>A ConfigMap, read-only.</summary>
    public string? ConfigMap { get; init; }

    /// <summary>A Secret, read-only.</summary>
    public string? Secret { get; init; }

    /// <summary>A PersistentVolumeClaim.</summary>
    public string? Claim { get; init; }

    /// <summary>An empty directory of at most this size.</summary>
    public string? Scratch { get; init; }
}

/// <summary>Security context of a workload.</summary>
public sealed record WorkloadSecurity
{
    /// <summary>User id; never 0.</summary>
    public long RunAsUser { get; init; } = 1000;

    /// <summary>Group id that owns mounted volumes.</summary>
    public long FsGroup { get; init; } = 2000;

    /// <summary>The image's own files can't be changed.</summary>
    public bool ReadOnlyRootFilesystem { get; init; } = true;
}

/// <summary>Where instances go.</summary>
public sealed record WorkloadPlacement
{
    /// <summary>Zones to use.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>True: stay pending rather than run outside of those zones.</summary>
    public bool Required { get; init; }
}

/// <summary>Something that a workload's ServiceAccount may do in its own namespace.</summary>
public sealed record WorkloadPermission
{
    /// <summary>Resource, such as <c>configmaps</c>.</summary>
    public string Resource { get; init; } = "";

    /// <summary>Only these objects; empty for all of the namespace.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Verbs.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];
}

/// <summary>How a workload is scraped.</summary>
public sealed record WorkloadMonitoring
{
    /// <summary>False: neither ServiceMonitor nor PrometheusRule.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Path of the metrics.</summary>
    public string Path { get; init; } = "/metrics";

    /// <summary>Name of the port; null for the one named metrics, else the first.</summary>
    public string? Port { get; init; }

    /// <summary>Seconds between scrapes.</summary>
    public int IntervalSeconds { get; init; } = 30;
}

/// <summary>The NetworkPolicy of a workload.</summary>
public sealed record WorkloadNetwork
{
    /// <summary>False: no NetworkPolicy.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Callers that are no managed services.</summary>
    public IReadOnlyList<NetworkCaller> AllowFrom { get; init; } = [];
}

/// <summary>A caller that is no managed service.</summary>
public sealed record NetworkCaller
{
    /// <summary>Its namespace; null for the service's own.</summary>
    public string? Namespace { get; init; }

    /// <summary>Labels of its pods; null for all of the namespace.</summary>
    public IReadOnlyDictionary<string, string>? PodLabels { get; init; }

    /// <summary>An address range instead of pods.</summary>
    public string? Cidr { get; init; }
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

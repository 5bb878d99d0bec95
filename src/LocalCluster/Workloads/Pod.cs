using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace LocalCluster.Workloads;

/// <summary>A pod as controllers and the node agent read it.</summary>
internal sealed record Pod : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What it runs and where.</summary>
    public PodSpec Spec { get; init; } = new();

    /// <summary>What became of it.</summary>
    public PodStatus Status { get; init; } = new();

    /// <summary>True when deletion was asked for.</summary>
    [JsonIgnore]
    public bool IsTerminating => Metadata.DeletionTimestamp is not null;

    /// <summary>True when its containers have ended for good.</summary>
    [JsonIgnore]
    public bool IsFinished => Status.Phase is PodPhase.Succeeded or PodPhase.Failed;

    /// <summary>True when it counts as one of the replicas of its controller.</summary>
    [JsonIgnore]
    public bool IsActive => !IsFinished && !IsTerminating;

    /// <summary>True when it serves.</summary>
    [JsonIgnore]
    public bool IsReady => Status.Conditions.IsTrue(PodConditionType.Ready);

    /// <summary>Since when it serves; null while it does not.</summary>
    [JsonIgnore]
    public DateTimeOffset? ReadySince => Status.Conditions.Find(PodConditionType.Ready) is { IsTrue: true } ready ? ready.LastTransitionTime : null;

    /// <summary>When it counts as available, which is when it has been ready for long enough; null while it is not ready.</summary>
    public DateTimeOffset? AvailableFrom(int minReadySeconds) => ReadySince?.AddSeconds(minReadySeconds);
}

/// <summary>Values of <c>status.phase</c>.</summary>
internal static class PodPhase
{
    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
}

/// <summary>Types of conditions of a pod.</summary>
internal static class PodConditionType
{
    public const string PodScheduled = "PodScheduled";
    public const string ReadyToStartContainers = "PodReadyToStartContainers";
    public const string Initialized = "Initialized";
    public const string ContainersReady = "ContainersReady";
    public const string Ready = "Ready";
}

/// <summary>What a pod runs and where.</summary>
internal sealed record PodSpec
{
    /// <summary>Node that it is bound to; empty until it is scheduled.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Who schedules it.</summary>
    public string SchedulerName { get; init; } = "";

    /// <summary>What holds it back from being scheduled.</summary>
    public IReadOnlyList<V1PodSchedulingGate> SchedulingGates { get; init; } = [];

    /// <summary>Labels that its node must have.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it must or would rather run.</summary>
    public V1Affinity? Affinity { get; init; }

    /// <summary>Taints that do not keep it from a node.</summary>
    public IReadOnlyList<V1Toleration> Tolerations { get; init; } = [];

    /// <summary>How its kind is spread over zones and nodes.</summary>
    public IReadOnlyList<V1TopologySpreadConstraint> TopologySpreadConstraints { get; init; } = [];

    /// <summary>Containers that run to their end before the others start.</summary>
    public IReadOnlyList<V1Container> InitContainers { get; init; } = [];

    /// <summary>Containers.</summary>
    public IReadOnlyList<V1Container> Containers { get; init; } = [];

    /// <summary>Resources of the pod beyond those of its containers.</summary>
    public IReadOnlyDictionary<string, ResourceQuantity> Overhead { get; init; } = new Dictionary<string, ResourceQuantity>();

    /// <summary>Files that it wants.</summary>
    public IReadOnlyList<V1Volume> Volumes { get; init; } = [];

    /// <summary><c>Always</c>, <c>OnFailure</c> or <c>Never</c>.</summary>
    public string RestartPolicy { get; init; } = "Always";

    /// <summary>Seconds that it has to end.</summary>
    public long TerminationGracePeriodSeconds { get; init; } = 30;

    /// <summary>Conditions that others set and without which it is not ready.</summary>
    public IReadOnlyList<V1PodReadinessGate> ReadinessGates { get; init; } = [];

    /// <summary>Whether its containers learn of the Services of its namespace by variables.</summary>
    public bool EnableServiceLinks { get; init; } = true;

    /// <summary>Identity.</summary>
    public string ServiceAccountName { get; init; } = "";

    /// <summary>Host name, if it has one of its own.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Subdomain, which is the name of a headless Service.</summary>
    public string Subdomain { get; init; } = "";
}

/// <summary>What became of a pod.</summary>
internal sealed record PodStatus
{
    /// <summary>Generation that this speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Phase.</summary>
    public string? Phase { get; init; }

    /// <summary>Conditions.</summary>
    public IReadOnlyList<StatusCondition> Conditions { get; init; } = [];

    /// <summary>Why it is in that phase, in one sentence.</summary>
    public string? Message { get; init; }

    /// <summary>Why it is in that phase, in one word.</summary>
    public string? Reason { get; init; }

    /// <summary>Address of its node.</summary>
    [JsonPropertyName("hostIP")]
    public string? HostIp { get; init; }

    /// <summary>Addresses of its node.</summary>
    [JsonPropertyName("hostIPs")]
    public IReadOnlyList<V1HostIP> HostIps { get; init; } = [];

    /// <summary>Its address.</summary>
    [JsonPropertyName("podIP")]
    public string? PodIp { get; init; }

    /// <summary>Its addresses.</summary>
    [JsonPropertyName("podIPs")]
    public IReadOnlyList<V1PodIP> PodIps { get; init; } = [];

    /// <summary>When the node took it.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Init containers.</summary>
    public IReadOnlyList<ContainerStatus> InitContainerStatuses { get; init; } = [];

    /// <summary>Containers.</summary>
    public IReadOnlyList<ContainerStatus> ContainerStatuses { get; init; } = [];

    /// <summary>Guaranteed, Burstable or BestEffort; set by the API.</summary>
    public string? QosClass { get; init; }
}

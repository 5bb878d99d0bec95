using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Cluster;

/// <summary>What the operators keep of a Pod.</summary>
public sealed record PodView : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Where it was put, and what it runs.</summary>
    public PodSpecView Spec { get; init; } = new();

    /// <summary>What became of it.</summary>
    public PodStatusView Status { get; init; } = new();

    /// <summary>True when it serves.</summary>
    [JsonIgnore]
    public bool IsReady => Metadata.DeletionTimestamp is null && Status.Conditions.Any(c => c is { Type: "Ready", Status: "True" });

    /// <summary>
    /// The workload that it belongs to: for a pod of a ReplicaSet the Deployment above it, whose name is the ReplicaSet's without the
    /// <c>pod-template-hash</c> that both carry. Null for a pod of its own.
    /// </summary>
    [JsonIgnore]
    public WorkloadKey? Workload
    {
        get
        {
            if (Metadata.ControllerOwner is not { } owner)
            {
                return null;
            }

            if (owner.Kind == "ReplicaSet"
                && Metadata.Labels.TryGetValue("pod-template-hash", out var hash)
                && owner.Name.EndsWith($"-{hash}", StringComparison.Ordinal))
            {
                return new("Deployment", new(Metadata.Namespace, owner.Name[..^(hash.Length + 1)]));
            }

            return new(owner.Kind, new(Metadata.Namespace, owner.Name));
        }
    }

    /// <summary>Why it does not serve, in one word and a sentence; null when it does.</summary>
    public (string Reason, string? Message)? Trouble()
    {
        if (IsReady)
        {
            return null;
        }

        if (Metadata.DeletionTimestamp is not null)
        {
            return ("Terminating", null);
        }

        if (Status.Conditions.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" }) is { } unscheduled)
        {
            return (unscheduled.Reason ?? "Unschedulable", unscheduled.Message);
        }

        if (Status.Reason is { } reason)
        {
            return (reason, Status.Message); // evicted, or its node is lost: what its containers say is older
        }

        return Status.InitContainerStatuses.Select(container => container.Trouble(completes: true))
            .Concat(Status.ContainerStatuses.Select(container => container.Trouble(completes: false)))
            .FirstOrDefault(trouble => trouble is not null)
            ?? Status.Phase switch
            {
                "Running" => ("NotReady", Status.Conditions.FirstOrDefault(c => c.Type == "Ready")?.Message ?? "the readiness probe does not pass"),
                "Pending" => ("Starting", null),
                var phase => (phase ?? "Unknown", Status.Message),
            };
    }
}

/// <summary>Names a workload in a cluster.</summary>
/// <param name="Kind"><c>Deployment</c>, <c>StatefulSet</c>, <c>DaemonSet</c>, …</param>
/// <param name="Key">Its namespace and name.</param>
public readonly record struct WorkloadKey(string Kind, ObjectKey Key)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Key}";
}

/// <summary>Pod spec, as far as it is kept.</summary>
public sealed record PodSpecView
{
    /// <summary>Node, once scheduled.</summary>
    public string? NodeName { get; init; }

    /// <summary>Containers.</summary>
    public IReadOnlyList<ContainerView> Containers { get; init; } = [];
}

/// <summary>Container of a pod, as far as it is kept.</summary>
public sealed record ContainerView
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Image.</summary>
    public string Image { get; init; } = "";
}

/// <summary>Pod status, as far as it is kept.</summary>
public sealed record PodStatusView
{
    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string? Phase { get; init; }

    /// <summary>Why it is in that phase, in one word, such as Evicted.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it is in that phase.</summary>
    public string? Message { get; init; }

    /// <summary>Address.</summary>
    [JsonPropertyName("podIP")]
    public string? PodIp { get; init; }

    /// <summary>Conditions.</summary>
    public IReadOnlyList<PodConditionView> Conditions { get; init; } = [];

    /// <summary>Containers that run before the others.</summary>
    public IReadOnlyList<ContainerStatusView> InitContainerStatuses { get; init; } = [];

    /// <summary>Containers.</summary>
    public IReadOnlyList<ContainerStatusView> ContainerStatuses { get; init; } = [];
}

/// <summary>Condition of a pod or workload.</summary>
public sealed record PodConditionView
{
    /// <summary>Type.</summary>
    public string Type { get; init; } = "";

    /// <summary>True, False or Unknown.</summary>
    public string Status { get; init; } = "";

    /// <summary>One word.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence.</summary>
    public string? Message { get; init; }
}

/// <summary>State of a container.</summary>
public sealed record ContainerStatusView
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>How often it was restarted.</summary>
    public int RestartCount { get; init; }

    /// <summary>State now.</summary>
    public ContainerStateView? State { get; init; }

    /// <summary>State before the last restart.</summary>
    public ContainerStateView? LastState { get; init; }

    /// <summary>Why it does not run, in one word and a sentence; null when it does or is about to.</summary>
    /// <param name="completes">True for an init container, which is meant to end.</param>
    internal (string Reason, string? Message)? Trouble(bool completes)
    {
        if (State?.Waiting is { Reason: not null and not "ContainerCreating" and not "PodInitializing" } waiting)
        {
            string?[] told = [waiting.Message, LastState?.Terminated?.Describe()];
            return (waiting.Reason, told.Any(part => part is not null) ? string.Join("; ", told.OfType<string>()) : null);
        }

        return State?.Terminated is { } terminated && !(completes && terminated.ExitCode == 0)
            ? (terminated.Reason ?? "Terminated", terminated.Describe())
            : null;
    }
}

/// <summary>One of the states of a container.</summary>
public sealed record ContainerStateView
{
    /// <summary>Set while it waits.</summary>
    public WaitingView? Waiting { get; init; }

    /// <summary>Set when it ended.</summary>
    public TerminatedView? Terminated { get; init; }
}

/// <summary>Why a container waits.</summary>
public sealed record WaitingView
{
    /// <summary>One word, such as CrashLoopBackOff.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence.</summary>
    public string? Message { get; init; }
}

/// <summary>How a container ended.</summary>
public sealed record TerminatedView
{
    /// <summary>Exit code.</summary>
    public int ExitCode { get; init; }

    /// <summary>One word, such as OOMKilled.</summary>
    public string? Reason { get; init; }

    /// <summary>In a sentence.</summary>
    public string Describe() => Reason is null ? $"ended with exit code {ExitCode}" : $"ended with exit code {ExitCode} ({Reason})";
}

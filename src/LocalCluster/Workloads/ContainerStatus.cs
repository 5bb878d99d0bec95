using System.Text.Json.Serialization;

namespace LocalCluster.Workloads;

/// <summary>One entry of <c>status.containerStatuses</c>.</summary>
internal sealed record ContainerStatus
{
    /// <summary>Name of the container.</summary>
    public required string Name { get; init; }

    /// <summary>State now.</summary>
    public ContainerState State { get; init; } = new();

    /// <summary>State before the last restart.</summary>
    public ContainerState LastState { get; init; } = new();

    /// <summary>True when it passes its readiness probe.</summary>
    public bool Ready { get; init; }

    /// <summary>How often it was restarted.</summary>
    public int RestartCount { get; init; }

    /// <summary>Image.</summary>
    public string Image { get; init; } = "";

    /// <summary>Exact image; empty until it runs.</summary>
    [JsonPropertyName("imageID")]
    public string ImageId { get; init; } = "";

    /// <summary>Which run of the container; null until it runs.</summary>
    [JsonPropertyName("containerID")]
    public string? ContainerId { get; init; }

    /// <summary>True when it runs and has passed its startup probe.</summary>
    public bool Started { get; init; }
}

/// <summary>State of a container: at most one of the three.</summary>
internal sealed record ContainerState
{
    /// <summary>It waits.</summary>
    public ContainerWaiting? Waiting { get; init; }

    /// <summary>It runs.</summary>
    public ContainerRunning? Running { get; init; }

    /// <summary>It ended.</summary>
    public ContainerTerminated? Terminated { get; init; }
}

/// <summary>A container waits.</summary>
/// <param name="Reason">For what, in one word, such as <c>CrashLoopBackOff</c>.</param>
/// <param name="Message">In one sentence.</param>
internal sealed record ContainerWaiting(string? Reason, string? Message = null);

/// <summary>A container runs.</summary>
/// <param name="StartedAt">Since when.</param>
internal sealed record ContainerRunning(DateTimeOffset StartedAt);

/// <summary>A container ended.</summary>
internal sealed record ContainerTerminated
{
    /// <summary>Exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>One word: <c>Completed</c>, <c>Error</c> …</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence.</summary>
    public string? Message { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Which run of the container.</summary>
    [JsonPropertyName("containerID")]
    public string? ContainerId { get; init; }
}

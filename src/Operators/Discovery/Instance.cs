using ControlPlane.Kubernetes.Resources;

namespace Operators.Discovery;

/// <summary>Whether an instance is handed out to callers.</summary>
public enum InstanceState
{
    /// <summary>Handed out.</summary>
    Healthy,

    /// <summary>The cluster's readiness probe does not pass.</summary>
    NotReady,

    /// <summary>The control plane's own check fails.</summary>
    Unhealthy,

    /// <summary>Its health changes too often to be relied on.</summary>
    Flapping,

    /// <summary>On its way out.</summary>
    Terminating,

    /// <summary>Vanished together with most of the fleet; handed out as it was last known (self-preservation).</summary>
    Preserved,
}

/// <summary>One running copy of a service.</summary>
public sealed record Instance
{
    /// <summary>The service.</summary>
    public required ObjectKey Service { get; init; }

    /// <summary>Name of its pod, or its address where it has none. Unique in the service.</summary>
    public required string Name { get; init; }

    /// <summary>IP address or DNS name.</summary>
    public required string Address { get; init; }

    /// <summary>Ports that it serves.</summary>
    public required IReadOnlyList<InstancePort> Ports { get; init; }

    /// <summary>Whether it is handed out.</summary>
    public required InstanceState State { get; init; }

    /// <summary>Why it is in that state; null when healthy.</summary>
    public string? Reason { get; init; }

    /// <summary>Node.</summary>
    public string? Node { get; init; }

    /// <summary>Zone.</summary>
    public string? Zone { get; init; }

    /// <summary>When the control plane's own check ran last (UTC); null without one.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>True when callers may be sent to it.</summary>
    public bool IsHandedOut => State is InstanceState.Healthy or InstanceState.Preserved;
}

/// <summary>A port of an instance.</summary>
/// <param name="Name">Name; empty for the only port.</param>
/// <param name="Port">Number.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
public sealed record InstancePort(string Name, int Port, string Protocol);

namespace ControlPlane.Kubernetes.Resources.Traffic.Reports;

/// <summary>A circuit at one gateway.</summary>
public sealed record CircuitReport
{
    /// <summary>Namespace of the Service (v1) that the circuit is in front of.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Service { get; init; }

    /// <summary>The policy that declares most of it, as <c>namespace/name</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>Its state.</summary>
    public required CircuitState State { get; init; }

    /// <summary>Since when it is in that state (UTC).</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When an open circuit probes, or a forced one is on its own again (UTC); null otherwise.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Its last changes, the oldest first; at most a hundred.</summary>
    public IReadOnlyList<CircuitTransition> History { get; init; } = [];
}

/// <summary>State of a circuit.</summary>
public enum CircuitState
{
    /// <summary>Requests go through, and their errors are counted.</summary>
    Closed,

    /// <summary>Nothing goes through until the open time is over.</summary>
    Open,

    /// <summary>Some probes go through, to see whether the service is back.</summary>
    HalfOpen,

    /// <summary>Somebody opened it by hand: nothing goes through.</summary>
    ForcedOpen,

    /// <summary>Somebody closed it by hand: everything goes through.</summary>
    ForcedClosed,
}

/// <summary>A change of a circuit's state.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record CircuitTransition(DateTimeOffset At, CircuitState From, CircuitState To, string Reason);

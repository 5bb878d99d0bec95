namespace ControlPlane.Kubernetes.Resources.Traffic;

/// <summary>
/// When to stop calling a service that fails, and what its callers get instead. Mirrors <c>manifests/crds/circuitpolicies.yaml</c>, which says
/// units, ranges, defaults and providers. A setting that is null is left to policies of wider scope.
/// </summary>
public sealed record CircuitPolicy : CustomResource<CircuitPolicySpec, PolicyStatus>
{
    /// <summary>Where the API serves it.</summary>
    public static ResourceType ResourceType { get; } = new(FleetApi.Group, FleetApi.Version, "circuitpolicies", "CircuitPolicy");
}

/// <summary>Desired state of a <see cref="CircuitPolicy"/>.</summary>
public sealed record CircuitPolicySpec : IPolicySpec
{
    /// <inheritdoc/>
    public IReadOnlyList<PolicyTargetReference> TargetRefs { get; init; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<PolicyTargetSelector> TargetSelectors { get; init; } = [];

    /// <summary>Errors in a row that open the circuit.</summary>
    public int? ConsecutiveErrors { get; init; }

    /// <summary>Share of errors that opens the circuit.</summary>
    public FailureRate? FailureRate { get; init; }

    /// <summary>What counts as an error.</summary>
    public IReadOnlyList<FailureKind>? CountAsError { get; init; }

    /// <summary>How long an open circuit refuses before it probes.</summary>
    public string? OpenFor { get; init; }

    /// <summary>What is let through after that.</summary>
    public HalfOpen? HalfOpen { get; init; }

    /// <summary>When single instances are left out.</summary>
    public Ejection? Ejection { get; init; }

    /// <summary>Ceiling of what is under way.</summary>
    public ConnectionPool? Pool { get; init; }

    /// <summary>What callers get while the circuit is open.</summary>
    public CircuitFallback? Fallback { get; init; }

    /// <summary>A state that people set by hand, for a time.</summary>
    public ForcedCircuit? Force { get; init; }
}

/// <summary>Share of errors that opens a circuit.</summary>
public sealed record FailureRate
{
    /// <summary>Errors, as per cent of the requests in the window.</summary>
    public int Percent { get; init; }

    /// <summary>Requests below which the window says nothing.</summary>
    public int MinimumRequests { get; init; } = 20;

    /// <summary>Length of the sliding window.</summary>
    public string Window { get; init; } = "30s";
}

/// <summary>What is let through after the open time.</summary>
public sealed record HalfOpen
{
    /// <summary>Requests at the same time.</summary>
    public int Probes { get; init; } = 1;

    /// <summary>Successes in a row that close the circuit.</summary>
    public int Successes { get; init; } = 1;
}

/// <summary>When single instances are left out.</summary>
public sealed record Ejection
{
    /// <summary>Errors in a row of one instance.</summary>
    public int ConsecutiveErrors { get; init; } = 5;

    /// <summary>How often instances are looked at.</summary>
    public string Interval { get; init; } = "10s";

    /// <summary>How long the first ejection lasts.</summary>
    public string BaseTime { get; init; } = "30s";

    /// <summary>Per cent of the instances that may be left out at once.</summary>
    public int MaxPercent { get; init; } = 50;
}

/// <summary>Ceiling of what is under way to a service.</summary>
public sealed record ConnectionPool
{
    /// <summary>Connections.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Requests under way.</summary>
    public int? MaxRequests { get; init; }

    /// <summary>Requests that wait for their turn.</summary>
    public int? MaxPending { get; init; }

    /// <summary>Requests after which a connection is closed.</summary>
    public int? MaxRequestsPerConnection { get; init; }
}

/// <summary>What callers get while a circuit is open.</summary>
public sealed record CircuitFallback
{
    /// <summary>Of which sort.</summary>
    public FallbackType Type { get; init; }

    /// <summary>The answer of <see cref="FallbackType.Static"/>.</summary>
    public StaticResponse? Response { get; init; }

    /// <summary>How old a last good answer may be.</summary>
    public string MaxAge { get; init; } = "60s";
}

/// <summary>What stands in for an answer.</summary>
public enum FallbackType
{
    /// <summary>A written one.</summary>
    Static,

    /// <summary>The last good one to the same GET.</summary>
    LastGood,
}

/// <summary>A written answer.</summary>
public sealed record StaticResponse
{
    /// <summary>HTTP status.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Media type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Body.</summary>
    public string Body { get; init; } = "";
}

/// <summary>A state that people set by hand, for a time.</summary>
public sealed record ForcedCircuit
{
    /// <summary>The state.</summary>
    public ForcedCircuitState State { get; init; }

    /// <summary>When it ends by itself (UTC).</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>States that people may set.</summary>
public enum ForcedCircuitState
{
    /// <summary>Nothing goes through.</summary>
    Open,

    /// <summary>Everything does.</summary>
    Closed,
}

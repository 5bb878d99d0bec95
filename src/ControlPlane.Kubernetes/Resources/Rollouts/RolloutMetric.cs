namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>One thing that is measured of a canary, and when it speaks for or against it. Of a group, each service is measured by itself.</summary>
public sealed record RolloutMetric
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What is measured.</summary>
    public RolloutMetricType Type { get; init; }

    /// <summary>The route whose requests are counted, as <c>name</c> or <c>namespace/name</c>; null for all.</summary>
    public string? Route { get; init; }

    /// <summary>It is measured and shown, and decides nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Which latency; of <see cref="RolloutMetricType.Latency"/>.</summary>
    public RolloutLatency? Latency { get; init; }

    /// <summary>How much more of the canary's requests than of the stable version's may be bad before it counts as worse; null for the type's default.</summary>
    public string? Tolerance { get; init; }

    /// <summary>The difference that must not be missed; null for the type's default.</summary>
    public string? Margin { get; init; }

    /// <summary>A fixed limit in the place of the comparison with the stable version.</summary>
    public RolloutThreshold? Threshold { get; init; }
}

/// <summary>What is measured.</summary>
public enum RolloutMetricType
{
    /// <summary>Requests that were answered without an error.</summary>
    SuccessRate,

    /// <summary>How long requests took.</summary>
    Latency,
}

/// <summary>Which latency is looked at.</summary>
public sealed record RolloutLatency
{
    /// <summary>The quantile: <c>p50</c>, <c>p90</c>, <c>p95</c> or <c>p99</c>.</summary>
    public string Quantile { get; init; } = "p99";

    /// <summary>What is slow; null for longer than the stable version's quantile.</summary>
    public string? Bar { get; init; }
}

/// <summary>A fixed limit of the canary.</summary>
public sealed record RolloutThreshold
{
    /// <summary>The least that is well; null for no such limit.</summary>
    public string? Min { get; init; }

    /// <summary>The most that is well; null for no such limit.</summary>
    public string? Max { get; init; }

    /// <summary>Looks in a row beyond the limit that fail the canary.</summary>
    public int FailedLooks { get; init; } = 3;
}

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

    /// <summary>What is asked of Prometheus; of <see cref="RolloutMetricType.Expression"/>.</summary>
    public RolloutExpression? Expression { get; init; }

    /// <summary>What is looked for in the canary's logs; of <see cref="RolloutMetricType.LogPattern"/>.</summary>
    public RolloutLogPatterns? Logs { get; init; }

    /// <summary>Who is asked; of <see cref="RolloutMetricType.Webhook"/>.</summary>
    public RolloutWebhook? Webhook { get; init; }

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

    /// <summary>What an expression of PromQL comes to.</summary>
    Expression,

    /// <summary>Whether the canary keeps what the stable version's OpenAPI description promises.</summary>
    Contract,

    /// <summary>Lines of the canary's logs.</summary>
    LogPattern,

    /// <summary>What somebody else says.</summary>
    Webhook,
}

/// <summary>What is asked of Prometheus, with the placeholders <c>${namespace}</c>, <c>${service}</c>, <c>${workload}</c>, <c>${track}</c> and <c>${interval}</c>.</summary>
public sealed record RolloutExpression
{
    /// <summary>A number of the canary that is held to a threshold.</summary>
    public string? Value { get; init; }

    /// <summary>How much of <see cref="Total"/> was bad in the interval.</summary>
    public string? Bad { get; init; }

    /// <summary>How much there was in the interval, such as orders.</summary>
    public string? Total { get; init; }
}

/// <summary>What is looked for in the canary's logs.</summary>
public sealed record RolloutLogPatterns
{
    /// <summary>Regular expressions; a line counts once that one of them matches.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>Lines that are put up with, of all instances and from the first request on.</summary>
    public int Most { get; init; }
}

/// <summary>Who is asked for a verdict.</summary>
public sealed record RolloutWebhook
{
    /// <summary>Where the question is posted to.</summary>
    public string Url { get; init; } = "";
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

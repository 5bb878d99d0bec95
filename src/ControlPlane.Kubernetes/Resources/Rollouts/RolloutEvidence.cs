namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>What is known of the canary of now, with the numbers that it was concluded from: whoever has them and the declaration can recompute it.</summary>
public sealed record RolloutEvidence
{
    /// <summary>The revision that it speaks of.</summary>
    public string Revision { get; init; } = "";

    /// <summary>When (UTC) the canary first had requests.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Until when (UTC) requests are counted in it.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>What all of it comes to: one failed metric fails it, and all must pass.</summary>
    public RolloutVerdict Verdict { get; init; } = RolloutVerdict.NotEnoughData;

    /// <summary>Why, in a sentence.</summary>
    public string Message { get; init; } = "";

    /// <summary>Since when (UTC) a source does not answer; null while all do.</summary>
    public DateTimeOffset? AwaySince { get; init; }

    /// <summary>The times over which was counted, one after the other. They grow longer with the rollout, so that there are never too many.</summary>
    public IReadOnlyList<EvidenceInterval> Intervals { get; init; } = [];

    /// <summary>What was measured, by metric and service.</summary>
    public IReadOnlyList<MetricEvidence> Metrics { get; init; } = [];
}

/// <summary>A time over which was counted.</summary>
public sealed record EvidenceInterval
{
    /// <summary>Its beginning, in seconds after <see cref="RolloutEvidence.Since"/>; below 0 for what the stable version did before.</summary>
    public int From { get; init; }

    /// <summary>Its end, in seconds after <see cref="RolloutEvidence.Since"/>.</summary>
    public int To { get; init; }
}

/// <summary>What one metric says of one service.</summary>
public sealed record MetricEvidence
{
    /// <summary>Name of the metric.</summary>
    public string Name { get; init; } = "";

    /// <summary>Name of the ManagedService.</summary>
    public string Service { get; init; } = "";

    /// <summary>What is counted. When the declaration comes to ask something else, counting begins anew.</summary>
    public string Question { get; init; } = "";

    /// <summary>It decides nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>What it comes to.</summary>
    public RolloutVerdict Verdict { get; init; } = RolloutVerdict.NotEnoughData;

    /// <summary>Why, in a sentence with the numbers.</summary>
    public string Message { get; init; } = "";

    /// <summary>Why it can't be told; null when it can.</summary>
    public string? Problem { get; init; }

    /// <summary>What is slow in the interval to come, in nanoseconds; null where that is not asked, or not known yet.</summary>
    public long? BarNanoseconds { get; init; }

    /// <summary>
    /// For each of <see cref="RolloutEvidence.Intervals"/>, bad and all requests of the stable version and of the canary, such as <c>21/3060 12/340</c>.
    /// </summary>
    public IReadOnlyList<string> Counts { get; init; } = [];
}

/// <summary>What evidence comes to.</summary>
public enum RolloutVerdict
{
    /// <summary>Nothing can be said yet.</summary>
    NotEnoughData,

    /// <summary>The canary is shown to be well.</summary>
    Pass,

    /// <summary>The canary is shown to be worse than is tolerated.</summary>
    Fail,
}

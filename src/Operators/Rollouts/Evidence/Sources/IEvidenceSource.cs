using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Metrics;

namespace Operators.Rollouts.Evidence.Sources;

/// <summary>Where evidence comes from that the data plane does not count.</summary>
internal interface IEvidenceSource
{
    /// <summary>The metrics that are asked of it.</summary>
    RolloutMetricType Type { get; }

    /// <summary>What it says of an interval.</summary>
    /// <exception cref="MetricsException">It can't tell: not now, or not until people mend something.</exception>
    Task<SourceFinding> FindAsync(SourceQuestion question, CancellationToken cancellationToken);
}

/// <summary>What is asked of a source.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Revision">The revision of the canary.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Member">The service.</param>
/// <param name="Known">What it said before.</param>
/// <param name="From">Since when (UTC): the end of what it spoke of last.</param>
/// <param name="To">Until when (UTC).</param>
internal sealed record SourceQuestion(CanaryRollout Rollout, string Revision, RolloutMetric Metric, SubjectMember Member, MetricEvidence Known, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Namespace of the rollout and of its services.</summary>
    public string Namespace => Rollout.Metadata.Namespace;
}

/// <summary>What a source says.</summary>
internal sealed record SourceFinding
{
    /// <summary>It has nothing to say yet.</summary>
    public static SourceFinding Nothing { get; } = new();

    /// <summary>What was bad of how much, of a metric that compares.</summary>
    public IntervalCounts Counts { get; init; }

    /// <summary>What it says, of any other; empty for nothing.</summary>
    public string Value { get; init; } = "";

    /// <summary>What it says besides; null for what it said before.</summary>
    public string? Detail { get; init; }
}

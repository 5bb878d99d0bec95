namespace Compliance.Audit.Sequencing;

/// <summary>How the log is, for people and probes.</summary>
public sealed record AuditHealth
{
    /// <summary>Why it takes no events now; null when it does.</summary>
    public string? ClosedBecause { get; init; }

    /// <summary>True when it takes none because somebody changed what is stored.</summary>
    public bool IsTampered { get; init; }

    /// <summary>Entries acknowledged.</summary>
    public long Size { get; init; }

    /// <summary>Entries before this index are pruned.</summary>
    public long PrunedTo { get; init; }

    /// <summary>The newest checkpoint; null before the first.</summary>
    public StoredCheckpoint? Checkpoint { get; init; }

    /// <summary>Why the last attempt at a checkpoint failed; null when it did not.</summary>
    public string? CheckpointFailure { get; init; }

    /// <summary>What the last whole self-check found; null before the first.</summary>
    public SelfCheckReport? SelfCheck { get; init; }

    /// <summary>Sources with events missing.</summary>
    public IReadOnlyList<SourceProgress> Gaps { get; init; } = [];
}

/// <summary>What a self-check found.</summary>
/// <param name="At">When it ended.</param>
/// <param name="From">First entry looked at.</param>
/// <param name="Size">Size of the log that it looked at.</param>
/// <param name="Findings">What is not as it was recorded, the first ones; none when all is well.</param>
public sealed record SelfCheckReport(DateTimeOffset At, long From, long Size, IReadOnlyList<string> Findings);

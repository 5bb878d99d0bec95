namespace Compliance.Audit.Sequencing;

/// <summary>How a log is run. Nothing here turns it off.</summary>
public sealed record AuditLogOptions
{
    /// <summary>Name of the log (C2SP origin): in every entry and checkpoint.</summary>
    public required string Origin { get; init; }

    /// <summary>
    /// Root that the log goes on from although another one was recorded with its last entry: an admin's way out of a database that was changed. It counts
    /// for a log whose stored entries have this very root and contradict nothing that was signed, and an entry says that it was used. Null for none.
    /// </summary>
    public TreeHash? AcceptedRoot { get; init; }

    /// <summary>Entries of one transaction, at most.</summary>
    public int BatchEntries { get; init; } = 4096;

    /// <summary>Bytes of one transaction, at most, unless a single request is longer.</summary>
    public int BatchBytes { get; init; } = 8 << 20;

    /// <summary>Bytes of entries that may wait; callers beyond wait to queue.</summary>
    public int QueueBytes { get; init; } = 32 << 20;

    /// <summary>How long a caller waits for room in the queue before it is sent away.</summary>
    public TimeSpan QueuePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often new entries get a checkpoint.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so long without an entry, the log writes one itself and signs: at most a minute passes between checkpoints.</summary>
    public TimeSpan HeartbeatAfter { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>A checkpoint older than this raises an alarm.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a log that takes nothing tries again.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(2);
}

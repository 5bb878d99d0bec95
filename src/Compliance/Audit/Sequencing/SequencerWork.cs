using Compliance.Audit.Entries;

namespace Compliance.Audit.Sequencing;

/// <summary>What the sequencer does in turn.</summary>
internal abstract record SequencerWork;

/// <summary>A caller's events.</summary>
internal sealed record AppendWork(IReadOnlyList<PreparedEntry> Entries, int Bytes) : SequencerWork
{
    public TaskCompletionSource<IReadOnlyList<AuditReceipt>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Time to look whether a checkpoint is due, or whether the store is back.</summary>
internal sealed record TickWork : SequencerWork
{
    public static TickWork Instance { get; } = new();
}

/// <summary>Another process appended.</summary>
internal sealed record FollowWork : SequencerWork
{
    public static FollowWork Instance { get; } = new();
}

/// <summary>A checkpoint that somebody waits for.</summary>
internal sealed record CheckpointWork : SequencerWork
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A prune that was certified.</summary>
internal sealed record PruneWork(long End, long Certificate) : SequencerWork
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using Compliance.Audit.Entries;

namespace Compliance.Audit.Sequencing;

/// <summary>What the sequencer does in turn.</summary>
internal abstract record SequencerWork;

/// <summary>A caller's events. Once its place in line is settled, the caller's own thread stamps and hashes them, while the sequencer is busy with those before.</summary>
internal sealed record AppendWork(IReadOnlyList<PreparedEntry> Entries, int Bytes) : SequencerWork
{
    private readonly TaskCompletionSource _stamped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<IReadOnlyList<AuditReceipt>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it came to its place in line, and so is recorded, unless the log was later already.</summary>
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>Completes when the entries are stamped.</summary>
    public Task Stamped => _stamped.Task;

    /// <summary>Stamps and hashes the entries; again when they turn out to be recorded later.</summary>
    public void Stamp()
    {
        try
        {
            foreach (var entry in Entries)
            {
                entry.Stamp(RecordedAt);
            }

            _stamped.TrySetResult();
        }
        catch (Exception e) // an entry without its hash must never be recorded, and whoever waits must hear of it
        {
            _stamped.TrySetException(e);
            throw;
        }
    }
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

/// <summary>Somebody wants to know what other processes did until now.</summary>
internal sealed record RefreshWork : SequencerWork
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

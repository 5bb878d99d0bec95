namespace Compliance.Audit.Sequencing;

/// <summary>
/// Sees to it that there is a fresh signed checkpoint, by this process or by another. Only the sequencer calls it, between its batches: it never signs
/// what is not on disk.
/// </summary>
internal sealed class CheckpointKeeper(IAuditStore store, ICheckpointSigner signer, AuditLogOptions options, TimeProvider time, IAuditAlarm alarm)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private volatile Seen? _latest;
    private volatile string? _failure;
    private bool _isStalled;

    public StoredCheckpoint? Latest => _latest?.Checkpoint;

    public string? Failure => _failure;

    /// <summary>Takes up the newest stored one. Its age counts: there may have been none while the program was down.</summary>
    public void Resume(StoredCheckpoint? latest)
    {
        var now = time.GetUtcNow();
        _latest = latest is null ? null : new Seen(latest, latest.At < now ? latest.At : now, IsOthers: false);
    }

    /// <summary>Takes note of the newest stored one, which another process may have signed.</summary>
    public void Follow(StoredCheckpoint? latest)
    {
        if (latest is not null && !(latest.Size <= Latest?.Size))
        {
            Note(latest, isOthers: true);
        }
    }

    public bool IsHeartbeatDue(LogPosition position) => _latest is { } latest
        ? latest.Checkpoint.Size == position.Edge.Size && time.GetUtcNow() - latest.Since >= options.HeartbeatAfter
        : position.Edge.Size == 0;

    /// <summary>Signs when there is something new and no other process does, and keeps a failure instead of throwing it.</summary>
    public Task SignIfDueAsync(LogPosition position, CancellationToken cancellationToken) =>
        _latest is { IsOthers: true, Since: var since } && time.GetUtcNow() - since < options.CheckpointEvery ? Task.CompletedTask : TrySignAsync(position, cancellationToken);

    /// <summary>Signs when there is something new, and keeps a failure instead of throwing it.</summary>
    public async Task TrySignAsync(LogPosition position, CancellationToken cancellationToken)
    {
        try
        {
            await SignAsync(position, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException) // a signer can fail in its own ways; the next tick tries again
        {
            _failure = e.Message;
        }
    }

    public async Task SignAsync(LogPosition position, CancellationToken cancellationToken)
    {
        var size = position.Edge.Size;
        if (Latest?.Size >= size)
        {
            return;
        }

        var (root, now) = (position.Edge.Root(), time.GetUtcNow());
        var checkpoint = new StoredCheckpoint(size, root, now, signer.Sign(size, root, now));
        var newest = await store.SaveCheckpointAsync(checkpoint, cancellationToken);
        if (newest.Size == size && newest.Root != root)
        {
            var fork = $"a checkpoint of {size} entries is signed with another root than this process comes to";
            alarm.Raise(AuditAlarmKind.Tampered, fork);
            throw new AuditUnavailableException(fork);
        }

        Note(newest, isOthers: newest != checkpoint);
    }

    /// <summary>Called by the timer, not by the sequencer: that one may be what hangs.</summary>
    public void AlarmIfStalled()
    {
        var age = time.GetUtcNow() - (_latest?.Since is { } since && since > _started ? since : _started);
        if (age > options.StalledAfter && !_isStalled)
        {
            _isStalled = true;
            alarm.Raise(AuditAlarmKind.CheckpointStalled, $"the last checkpoint is {age.TotalSeconds:0} s old: {_failure ?? "the store does not answer"}");
        }
    }

    private void Note(StoredCheckpoint latest, bool isOthers)
    {
        _latest = new Seen(latest, time.GetUtcNow(), isOthers);
        _failure = null;
        _isStalled = false;
    }

    /// <summary>A checkpoint, and since when it is known here: the clock of whoever signed it may be another.</summary>
    private sealed record Seen(StoredCheckpoint Checkpoint, DateTimeOffset Since, bool IsOthers);
}

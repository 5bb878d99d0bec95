namespace Compliance.Audit.Sequencing;

/// <summary>Sees to it that there is a fresh signed checkpoint. Only the sequencer calls it, between its batches: it never signs what is not on disk.</summary>
internal sealed class CheckpointKeeper(IAuditStore store, ICheckpointSigner signer, AuditLogOptions options, TimeProvider time, IAuditAlarm alarm)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private volatile StoredCheckpoint? _latest;
    private volatile string? _failure;
    private bool _isStalled;

    public StoredCheckpoint? Latest => _latest;

    public string? Failure => _failure;

    public void Resume(StoredCheckpoint? latest) => _latest = latest;

    public bool IsHeartbeatDue(LogPosition position) =>
        _latest is null ? position.Edge.Size == 0 : _latest.Size == position.Edge.Size && time.GetUtcNow() - _latest.At >= options.HeartbeatAfter;

    /// <summary>Signs when there is something new, and tells a failure to the alarm instead of throwing it.</summary>
    public async Task SignIfDueAsync(LogPosition position, CancellationToken cancellationToken)
    {
        if (_latest?.Size == position.Edge.Size)
        {
            return;
        }

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
        if (_latest?.Size == size)
        {
            return;
        }

        var (root, now) = (position.Edge.Root(), time.GetUtcNow());
        var checkpoint = new StoredCheckpoint(size, root, now, signer.Sign(size, root, now));
        await store.SaveCheckpointAsync(checkpoint, cancellationToken);
        _latest = checkpoint;
        _failure = null;
        _isStalled = false;
    }

    /// <summary>Called by the timer, not by the sequencer: that one may be what hangs.</summary>
    public void AlarmIfStalled()
    {
        var age = time.GetUtcNow() - (_latest?.At is { } at && at > _since ? at : _since);
        if (age > options.StalledAfter && !_isStalled)
        {
            _isStalled = true;
            alarm.Raise(AuditAlarmKind.CheckpointStalled, $"the last checkpoint is {age.TotalSeconds:0} s old: {_failure ?? "the store does not answer"}");
        }
    }
}

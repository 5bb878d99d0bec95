using Compliance.Audit.Entries;
using Compliance.Audit.Personal;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// Does the sequencer's work, one thing after the other: batches, ticks, news of other processes, checkpoints, prunes. A failure closes the log; each
/// tick tries to open it anew.
/// </summary>
internal sealed class SequencerLoop(
    WorkQueue queue, IAuditStore store, AuditLogOptions options, TimeProvider time, IAuditAlarm alarm, ICheckpointSigner signer, IPersonalKeeper personal, CancellationToken stop)
{
    private readonly LogTail _tail = new(store, options, alarm);
    private readonly CheckpointKeeper _checkpoints = new(store, signer, options, time, alarm);
    private BatchCommit? _commit;
    private volatile AuditUnavailableException? _closed = new("the log is not open yet");

    public LogTail Tail => _tail;

    public CheckpointKeeper Checkpoints => _checkpoints;

    private BatchCommit Commit => _commit ??= new BatchCommit(store, _tail, personal, time, alarm);

    /// <summary>Why the log takes nothing; null when it does.</summary>
    public AuditUnavailableException? ClosedBecause => _closed;

    /// <summary>Works until the queue is closed and empty, and signs what is recorded then.</summary>
    public async Task RunAsync()
    {
        while (await queue.WaitAsync())
        {
            while (queue.TryTake(out var work))
            {
                await DoAsync(work);
            }
        }

        if (_closed is null)
        {
            await _checkpoints.TrySignAsync(_tail.Position, CancellationToken.None);
        }
    }

    public async Task TryOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (head, accepted) = await _tail.OpenAsync(signer.Key, cancellationToken);
            _checkpoints.Resume(head.Checkpoint);
            await personal.OpenAsync(cancellationToken);
            if (accepted is not null)
            {
                alarm.Raise(AuditAlarmKind.Tampered, $"{accepted.Why}: it goes on from there, because Audit__AcceptedRoot says so");
                await WriteOwnAsync(Acceptance.Of(head, accepted, time.GetUtcNow()));
            }

            _closed = null;
        }
        catch (Exception e) when (e is not OperationCanceledException) // a damaged store can fail in any way; the log stays closed and says why
        {
            Close(e as AuditUnavailableException ?? new AuditUnavailableException($"the log can't be opened: {e.Message}", e));
        }
    }

    public void ThrowIfClosed()
    {
        if (_closed is { } why)
        {
            throw new AuditUnavailableException(why.Message, why) { RetryAfter = options.RetryEvery, IsTampered = why.IsTampered };
        }
    }

    private async Task DoAsync(SequencerWork work)
    {
        switch (work)
        {
            case AppendWork append:
                await AppendAsync(append);
                break;
            case TickWork:
                await TickAsync();
                break;
            case FollowWork:
                await IfOpenAsync(FollowAsync);
                break;
            case RefreshWork refresh:
                await IfOpenAsync(FollowAsync);
                refresh.Done.TrySetResult();
                break;
            case CheckpointWork checkpoint:
                await FinishAsync(checkpoint.Done, () => _checkpoints.SignAsync(_tail.Position, stop));
                break;
            case PruneWork prune:
                await FinishAsync(prune.Done, () => PruneAsync(prune));
                break;
        }
    }

    private async Task AppendAsync(AppendWork first)
    {
        List<AppendWork> batch = [first];
        try
        {
            await first.Stamped;
            batch = queue.TakeBatch(first);
            ThrowIfClosed();
            var receipts = await Commit.CommitAsync(batch, stop);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Done.TrySetResult(receipts[i]);
            }
        }
        catch (Exception e) // whatever it is, the callers must hear of it and the writer must live on
        {
            var refusal = Close(e);
            batch.ForEach(work => work.Done.TrySetException(refusal));
        }
        finally
        {
            queue.Finish(batch);
        }
    }

    private async Task TickAsync()
    {
        if (_closed is not null)
        {
            await TryOpenAsync(stop);
        }

        await IfOpenAsync(FollowAsync);
        if (_checkpoints.IsHeartbeatDue(_tail.Position))
        {
            await IfOpenAsync(() => WriteOwnAsync(Heartbeat.At(time.GetUtcNow())));
        }

        await IfOpenAsync(() => _checkpoints.SignIfDueAsync(_tail.Position, stop));
    }

    private async Task FollowAsync() => _checkpoints.Follow((await _tail.FollowAsync(stop)).Checkpoint);

    /// <summary>Writes an entry of the log's own, unless another process writes something in the same moment.</summary>
    private Task<bool> WriteOwnAsync(AuditEvent item)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var work = new AppendWork([new AuditEntryWriter(options.Origin).Prepare(item, 0, now)], 0) { RecordedAt = now };
        work.Stamp();
        return Commit.TryCommitAsync(work, stop);
    }

    private async Task PruneAsync(PruneWork work)
    {
        await store.PruneAsync(work.End, work.Certificate, stop);
        _tail.Prune(work.End);
    }

    private async Task IfOpenAsync(Func<Task> act)
    {
        if (_closed is not null)
        {
            return;
        }

        try
        {
            await act();
        }
        catch (Exception e) // whatever it is, the log must be looked at anew, and the loop must live on
        {
            Close(e);
        }
    }

    private async Task FinishAsync(TaskCompletionSource done, Func<Task> act)
    {
        try
        {
            ThrowIfClosed();
            await act();
            done.TrySetResult();
        }
        catch (Exception e) // it is the caller's, who waits for it
        {
            done.TrySetException(e);
        }
    }

    private AuditUnavailableException Close(Exception cause)
    {
        var why = cause as AuditUnavailableException ?? new AuditUnavailableException($"the log failed: {cause.Message}", cause);
        var wasOpen = _closed is null || _closed.Message != why.Message;
        _closed = why;
        if (wasOpen)
        {
            alarm.Raise(why.IsTampered ? AuditAlarmKind.Tampered : AuditAlarmKind.Closed, why.Message);
        }

        return why;
    }
}

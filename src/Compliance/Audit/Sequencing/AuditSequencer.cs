using System.Threading.Channels;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using Compliance.Audit.Searching;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// The one writer of a log. Callers queue; it takes whatever waits into one transaction (group commit), so that a lone event costs one fsync and a
/// crowd shares it. A caller hears back when its entries are on disk and in the tree. When the store fails, the log closes, and opens by itself
/// when the store takes writes again: what was acknowledged is safe, what was not may be sent again.
/// </summary>
public sealed class AuditSequencer : IAuditLog, IAsyncDisposable
{
    private readonly IAuditStore _store;
    private readonly AuditLogOptions _options;
    private readonly TimeProvider _time;
    private readonly IAuditAlarm _alarm;
    private readonly IPersonalKeeper _personal;
    private readonly CheckpointKeeper _checkpoints;
    private readonly Channel<SequencerWork> _queue = Channel.CreateUnbounded<SequencerWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ByteBudget _budget;
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _ticks;
    private Task _running = Task.CompletedTask;
    private SourceLedger _sources = new([]);
    private volatile LogPosition _position = LogPosition.Unopened;
    private volatile IReadOnlyList<SourceProgress> _gaps = [];
    private volatile AuditUnavailableException? _closed = new("the log is not open yet");
    private DateTimeOffset _recordedAt;
    private int _tickWaits;

    /// <summary>Makes a log that is not open yet.</summary>
    public AuditSequencer(IAuditStore store, AuditLogOptions options, TimeProvider time, IAuditAlarm alarm, ICheckpointSigner signer, IPersonalKeeper personal)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_store, _options, _time, _alarm, _personal) = (store, options, time, alarm, personal);
        _checkpoints = new CheckpointKeeper(store, signer, options, time, alarm);
        _budget = new ByteBudget(options.QueueBytes);
    }

    /// <summary>Where the log is: what it acknowledged last.</summary>
    public LogPosition Position => _position;

    /// <summary>Index of the newest entries.</summary>
    internal FreshIndex Fresh { get; } = new();

    /// <summary>How the log is.</summary>
    public AuditHealth Health => new()
    {
        ClosedBecause = _closed?.Message,
        Size = _position.Edge.Size,
        PrunedTo = _position.PrunedTo,
        Checkpoint = _checkpoints.Latest,
        CheckpointFailure = _checkpoints.Failure,
        Gaps = _gaps,
    };

    /// <summary>Opens the log. When the store is away, it starts closed and opens by itself later.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_ticks is not null)
        {
            throw new InvalidOperationException("the log was started before");
        }

        await TryOpenAsync(cancellationToken);
        _running = RunAsync();
        _ticks = _time.CreateTimer(_ => Tick(), null, _options.CheckpointEvery, _options.CheckpointEvery);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
        {
            return [];
        }

        ThrowIfClosed();
        var work = Prepare(events);
        await WaitForRoomAsync(work.Bytes, cancellationToken);
        if (!_queue.Writer.TryWrite(work))
        {
            _budget.GiveBack(work.Bytes);
            throw new AuditUnavailableException("the log is shutting down");
        }

        return await work.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Signs what is recorded so far and stores the checkpoint.</summary>
    /// <exception cref="AuditUnavailableException">The log is closed, or the signer or the store refuses.</exception>
    public Task CheckpointAsync(CancellationToken cancellationToken)
    {
        var work = new CheckpointWork();
        return _queue.Writer.TryWrite(work) ? work.Done.Task.WaitAsync(cancellationToken) : throw new AuditUnavailableException("the log is shutting down");
    }

    /// <summary>Removes the bytes of the entries before an index, as a certificate entry in the log says. Proofs go on to verify.</summary>
    /// <exception cref="AuditUnavailableException">The store refuses.</exception>
    public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken)
    {
        var work = new PruneWork(end, certificate);
        return _queue.Writer.TryWrite(work) ? work.Done.Task.WaitAsync(cancellationToken) : throw new AuditUnavailableException("the log is shutting down");
    }

    /// <summary>Takes nothing new, records what waits, signs it and lets go of the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
        {
            return; // whoever else owns it was faster
        }

        if (_ticks is not null)
        {
            await _ticks.DisposeAsync();
        }

        await _running;
        await _stop.CancelAsync();
        _stop.Dispose();
        await _store.DisposeAsync();
    }

    private AppendWork Prepare(IReadOnlyList<AuditEvent> events)
    {
        var writer = new AuditEntryWriter(_options.Origin);
        var now = _time.GetUtcNow();
        var entries = new PreparedEntry[events.Count];
        var bytes = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = writer.Prepare(events[i], i, now);
            bytes += entries[i].Bytes.Length;
            if (bytes > _options.QueueBytes)
            {
                throw new AuditEventException(i, "events", $"the events before this one fill {_options.QueueBytes} bytes, more than one request may have: send them in parts");
            }
        }

        return new AppendWork(entries, (int)bytes);
    }

    private async Task WaitForRoomAsync(int bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _budget.TakeAsync(bytes, _options.QueuePatience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new AuditUnavailableException($"more events come than the store can take: {_options.QueueBytes >> 20} MiB are waiting; send more slowly") { RetryAfter = _options.QueuePatience, IsBusy = true };
        }
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var work))
            {
                await DoAsync(work);
            }
        }

        if (_closed is null)
        {
            await _checkpoints.SignIfDueAsync(_position, CancellationToken.None);
        }
    }

    private async Task DoAsync(SequencerWork work)
    {
        switch (work)
        {
            case AppendWork append:
                await AppendAsync(TakeWaiting(append));
                break;
            case TickWork:
                Interlocked.Exchange(ref _tickWaits, 0);
                await CatchUpAsync();
                break;
            case CheckpointWork checkpoint:
                await FinishAsync(checkpoint.Done, SignAsync);
                break;
            case PruneWork prune:
                await FinishAsync(prune.Done, () => PruneAsync(prune));
                break;
        }
    }

    private List<AppendWork> TakeWaiting(AppendWork first)
    {
        List<AppendWork> batch = [first];
        var (entries, bytes) = (first.Entries.Count, first.Bytes);
        while (_queue.Reader.TryPeek(out var next) && next is AppendWork append
            && entries + append.Entries.Count <= _options.BatchEntries && bytes + append.Bytes <= _options.BatchBytes)
        {
            _queue.Reader.TryRead(out _);
            batch.Add(append);
            (entries, bytes) = (entries + append.Entries.Count, bytes + append.Bytes);
        }

        return batch;
    }

    private async Task AppendAsync(List<AppendWork> batch)
    {
        try
        {
            ThrowIfClosed();
            var receipts = await CommitAsync(batch);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Done.TrySetResult(receipts[i]);
            }
        }
        catch (Exception e) // whatever it is, the callers must hear of it and the writer must live on
        {
            _sources.Rollback();
            var refusal = e as AuditUnavailableException ?? new AuditUnavailableException($"the log failed: {e.Message}", e);
            Close(refusal);
            batch.ForEach(work => work.Done.TrySetException(refusal));
        }
        finally
        {
            _budget.GiveBack(batch.Sum(static work => work.Bytes));
        }
    }

    private async Task<IReadOnlyList<AuditReceipt>[]> CommitAsync(List<AppendWork> batch)
    {
        var known = batch.Exists(static work => work.Entries.Any(static entry => entry.Personal.Count > 0))
            ? await FindKnownAsync(batch) // else the data of an event that comes again would be kept twice
            : new Dictionary<Guid, AuditReceipt>();
        while (true)
        {
            var builder = new BatchBuilder(_position.Edge, NextRecordedAt(), _sources, Fresh, known);
            IReadOnlyList<AuditReceipt>[] receipts = [.. batch.Select(work => builder.Add(work.Entries))];
            if (builder.IsEmpty || await TryStoreAsync(builder))
            {
                return receipts;
            }

            _sources.Rollback();
            known = await FindKnownAsync(batch);
        }
    }

    /// <summary>False when an event of it is in the log already: that is looked for only then, because events rarely come twice.</summary>
    private async Task<bool> TryStoreAsync(BatchBuilder builder)
    {
        var batch = builder.Build();
        try
        {
            if (builder.Personal.Count > 0)
            {
                await _personal.KeepAsync(builder.Personal, _stop.Token); // before the entry: a commitment without its datum would be of no use
            }

            await _store.AppendAsync(batch, _stop.Token);
        }
        catch (DuplicateEventException)
        {
            return false;
        }

        for (var i = 0; i < builder.Terms.Count; i++)
        {
            Fresh.Add(batch.First + i, builder.Terms[i]);
        }

        _recordedAt = batch.RecordedAt;
        _sources.Commit();
        _gaps = _sources.WithGaps;
        _position = _position with { Edge = builder.Edge };
        builder.Oddities.ForEach(oddity => _alarm.Raise(oddity.Kind, oddity.Message));
        return true;
    }

    private async Task<Dictionary<Guid, AuditReceipt>> FindKnownAsync(List<AppendWork> batch)
    {
        var found = await _store.FindAsync([.. batch.SelectMany(static work => work.Entries).Select(static entry => entry.Event.Id).Distinct()], _stop.Token);
        var entries = (await _store.ReadAsync([.. found.Values], _stop.Token)).ToDictionary(static entry => entry.Index);
        return found.ToDictionary(
            static pair => pair.Key,
            pair => new AuditReceipt(pair.Key, pair.Value, entries[pair.Value].Leaf, IsDuplicate: true));
    }

    /// <summary>Never before the last one, even when the clock goes back.</summary>
    private DateTimeOffset NextRecordedAt()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        if (now < _recordedAt - TimeSpan.FromSeconds(5))
        {
            _alarm.Raise(AuditAlarmKind.ClockWentBack, $"the clock says {now:u}, but entries were recorded at {_recordedAt:u}: new entries keep that time until the clock is there again");
        }

        return now > _recordedAt ? now : _recordedAt;
    }

    private async Task CatchUpAsync()
    {
        if (_closed is not null)
        {
            await TryOpenAsync(_stop.Token);
        }

        if (_closed is null)
        {
            if (_checkpoints.IsHeartbeatDue(_position))
            {
                var entry = new AuditEntryWriter(_options.Origin).Prepare(Heartbeat.At(_time.GetUtcNow()), 0, _time.GetUtcNow());
                await AppendAsync([new AppendWork([entry], 0)]);
            }

            await _checkpoints.SignIfDueAsync(_position, _stop.Token);
        }
    }

    private async Task TryOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = await _store.OpenAsync(cancellationToken);
            await _store.ProbeAsync(cancellationToken);
            var edge = await LogTail.ReadAsync(_store, stored.Size, cancellationToken);
            foreach (var finding in StoredLogCheck.Of(stored, edge))
            {
                _alarm.Raise(AuditAlarmKind.Tampered, finding);
            }

            await LogTail.ReadAsync(_store, Fresh, stored, cancellationToken);
            _sources = new SourceLedger(stored.Sources);
            _gaps = _sources.WithGaps;
            _recordedAt = stored.RecordedAt;
            _position = new LogPosition(edge, stored.PrunedTo);
            _checkpoints.Resume(stored.Checkpoint);
            _closed = null;
        }
        catch (Exception e) when (e is not OperationCanceledException) // a damaged store can fail in any way; the log stays closed and says why
        {
            Close(e as AuditUnavailableException ?? new AuditUnavailableException($"the log can't be opened: {e.Message}", e));
        }
    }

    private void Close(AuditUnavailableException why)
    {
        var wasOpen = _closed is null || _closed.Message != why.Message;
        _closed = why;
        if (wasOpen)
        {
            _alarm.Raise(AuditAlarmKind.Closed, why.Message);
        }
    }

    private Task SignAsync()
    {
        ThrowIfClosed();
        return _checkpoints.SignAsync(_position, _stop.Token);
    }

    private async Task PruneAsync(PruneWork work)
    {
        ThrowIfClosed();
        await _store.PruneAsync(work.End, work.Certificate, _stop.Token);
        _position = _position with { PrunedTo = Math.Max(_position.PrunedTo, work.End) };
    }

    private static async Task FinishAsync(TaskCompletionSource done, Func<Task> act)
    {
        try
        {
            await act();
            done.TrySetResult();
        }
        catch (Exception e) // it is the caller's, who waits for it
        {
            done.TrySetException(e);
        }
    }

    private void Tick()
    {
        _checkpoints.AlarmIfStalled();
        if (Interlocked.Exchange(ref _tickWaits, 1) == 0)
        {
            _queue.Writer.TryWrite(TickWork.Instance);
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed is { } why)
        {
            throw new AuditUnavailableException(why.Message, why) { RetryAfter = _options.RetryEvery };
        }
    }
}

using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using Compliance.Audit.Searching;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// Takes what callers bring into a log. They queue; whatever waits goes into one transaction (group commit), so that a lone event costs one fsync and a
/// crowd shares it. A caller hears back when its entries are on disk and in the tree. Other processes may append to the same log: the store orders all
/// batches, and what others wrote is followed. When the store fails, the log closes, and opens by itself when the store takes writes again: what was
/// acknowledged is safe, what was not may be sent again.
/// </summary>
public sealed class AuditSequencer : IAuditLog, IAsyncDisposable
{
    private readonly IAuditStore _store;
    private readonly AuditLogOptions _options;
    private readonly TimeProvider _time;
    private readonly WorkQueue _queue;
    private readonly SequencerLoop _loop;
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _ticks;
    private Task _running = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;

    /// <summary>Makes a log that is not open yet.</summary>
    public AuditSequencer(IAuditStore store, AuditLogOptions options, TimeProvider time, IAuditAlarm alarm, ICheckpointSigner signer, IPersonalKeeper personal)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_store, _options, _time) = (store, options, time);
        _queue = new WorkQueue(options, time);
        _loop = new SequencerLoop(_queue, store, options, time, alarm, signer, personal, _stop.Token);
    }

    /// <summary>Where the log is: what is acknowledged here, and by other processes as far as their news have come.</summary>
    public LogPosition Position => _loop.Tail.Position;

    /// <summary>Index of the newest entries.</summary>
    internal FreshIndex Fresh => _loop.Tail.Fresh;

    /// <summary>How the log is.</summary>
    public AuditHealth Health => new()
    {
        ClosedBecause = _loop.ClosedBecause?.Message,
        IsTampered = _loop.ClosedBecause?.IsTampered ?? false,
        Size = Position.Edge.Size,
        PrunedTo = Position.PrunedTo,
        Checkpoint = _loop.Checkpoints.Latest,
        CheckpointFailure = _loop.Checkpoints.Failure,
        Gaps = _loop.Tail.Gaps,
    };

    /// <summary>Opens the log. When the store is away, it starts closed and opens by itself later.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_ticks is not null)
        {
            throw new InvalidOperationException("the log was started before");
        }

        await _loop.TryOpenAsync(cancellationToken);
        _running = _loop.RunAsync();
        _listening = ListenAsync();
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

        _loop.ThrowIfClosed();
        var work = Prepare(events);
        await _queue.AddAsync(work, cancellationToken);
        return await work.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes up what other processes did to the log until now: what they recorded, pruned and signed. Does nothing while the log is closed.</summary>
    /// <exception cref="AuditUnavailableException">The log shuts down.</exception>
    public Task RefreshAsync(CancellationToken cancellationToken)
    {
        var work = new RefreshWork();
        _queue.Add(work);
        return work.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Signs what is recorded so far and stores the checkpoint.</summary>
    /// <exception cref="AuditUnavailableException">The log is closed, or the signer or the store refuses.</exception>
    public Task CheckpointAsync(CancellationToken cancellationToken)
    {
        var work = new CheckpointWork();
        _queue.Add(work);
        return work.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Removes the bytes of the entries before an index, as a certificate entry in the log says. Proofs go on to verify.</summary>
    /// <exception cref="AuditUnavailableException">The store refuses.</exception>
    public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken)
    {
        var work = new PruneWork(end, certificate);
        _queue.Add(work);
        return work.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes nothing new, records what waits, signs it and lets go of the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Close())
        {
            return; // whoever else owns it was faster
        }

        if (_ticks is not null)
        {
            await _ticks.DisposeAsync();
        }

        await _running;
        await _stop.CancelAsync();
        await _listening;
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

    /// <summary>Passes on that another process appended. Ticks look as well, should such news get lost.</summary>
    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                await WaitForOthersAsync();
                _queue.AddNews();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the log closes for good
        }
    }

    private async Task WaitForOthersAsync()
    {
        try
        {
            await _store.WaitForOthersAsync(_stop.Token);
        }
        catch (AuditUnavailableException)
        {
            await Task.Delay(_options.RetryEvery, _time, _stop.Token);
        }
    }

    private void Tick()
    {
        _loop.Checkpoints.AlarmIfStalled();
        _queue.Tick();
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Compliance.Audit.Sequencing;

/// <summary>What waits for the sequencer, in the order in which it came, and no more of it than there is room for.</summary>
internal sealed class WorkQueue(AuditLogOptions options, TimeProvider time)
{
    private readonly Channel<SequencerWork> _works = Channel.CreateUnbounded<SequencerWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ByteBudget _budget = new(options.QueueBytes);
    private readonly Lock _line = new();
    private int _tickWaits;
    private int _newsWait;

    /// <summary>Puts a caller's events in line, once there is room.</summary>
    /// <exception cref="AuditUnavailableException">There was none for too long, or the log shuts down.</exception>
    public async Task AddAsync(AppendWork work, CancellationToken cancellationToken)
    {
        await WaitForRoomAsync(work.Bytes, cancellationToken);
        try
        {
            lock (_line) // so that times are in the order of the line
            {
                work.RecordedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
                Add(work);
            }
        }
        catch (AuditUnavailableException)
        {
            _budget.GiveBack(work.Bytes);
            throw;
        }

        work.Stamp();
    }

    /// <summary>Puts other work in line.</summary>
    /// <exception cref="AuditUnavailableException">The log shuts down.</exception>
    public void Add(SequencerWork work)
    {
        if (!_works.Writer.TryWrite(work))
        {
            throw new AuditUnavailableException("the log is shutting down");
        }
    }

    /// <summary>It is time to look what is due, unless that waits already.</summary>
    public void Tick() => AddOnce(TickWork.Instance, ref _tickWaits);

    /// <summary>Another process appended, unless that waits already.</summary>
    public void AddNews() => AddOnce(FollowWork.Instance, ref _newsWait);

    /// <summary>Takes nothing more.</summary>
    /// <returns>False when it was told so before.</returns>
    public bool Close() => _works.Writer.TryComplete();

    /// <summary>False when it is closed and empty.</summary>
    public ValueTask<bool> WaitAsync() => _works.Reader.WaitToReadAsync();

    /// <summary>The next work. What comes in from now on is news again.</summary>
    public bool TryTake([NotNullWhen(true)] out SequencerWork? work)
    {
        if (!_works.Reader.TryRead(out work))
        {
            return false;
        }

        switch (work)
        {
            case TickWork:
                Interlocked.Exchange(ref _tickWaits, 0);
                break;
            case FollowWork:
                Interlocked.Exchange(ref _newsWait, 0);
                break;
        }

        return true;
    }

    /// <summary>A caller's events and those right behind it that are stamped, as many as one transaction may have.</summary>
    public List<AppendWork> TakeBatch(AppendWork first)
    {
        List<AppendWork> batch = [first];
        var (entries, bytes) = (first.Entries.Count, first.Bytes);
        while (_works.Reader.TryPeek(out var next) && next is AppendWork { Stamped.IsCompletedSuccessfully: true } append
            && entries + append.Entries.Count <= options.BatchEntries && bytes + append.Bytes <= options.BatchBytes)
        {
            _works.Reader.TryRead(out _);
            batch.Add(append);
            (entries, bytes) = (entries + append.Entries.Count, bytes + append.Bytes);
        }

        return batch;
    }

    /// <summary>A batch was answered; there is room again.</summary>
    public void Finish(IReadOnlyList<AppendWork> batch) => _budget.GiveBack(batch.Sum(static work => work.Bytes));

    private void AddOnce(SequencerWork work, ref int waits)
    {
        if (Interlocked.Exchange(ref waits, 1) == 0)
        {
            _works.Writer.TryWrite(work);
        }
    }

    private async Task WaitForRoomAsync(int bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _budget.TakeAsync(bytes, options.QueuePatience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new AuditUnavailableException($"more events come than the store can take: {options.QueueBytes >> 20} MiB are waiting; send more slowly") { RetryAfter = options.QueuePatience, IsBusy = true };
        }
    }
}

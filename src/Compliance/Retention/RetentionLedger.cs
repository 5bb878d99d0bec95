using Compliance.Audit;

namespace Compliance.Retention;

/// <summary>
/// What a log holds of each retention class, and which legal holds it tells of. Both are read from the entries themselves, each once, and not from an
/// index beside them: whoever changed the index could make a hold vanish. The first reading goes through the whole log, later ones through what came since.
/// </summary>
public sealed class RetentionLedger(IAuditReader reader, IPrunableLog log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, ClassTally> _classes = new(StringComparer.Ordinal);
    private readonly List<AuditEntry> _holdEntries = [];
    private (int Entries, IReadOnlyList<LegalHold> Holds) _holds = (0, []);
    private long _from;
    private long _next;
    private long? _missing;

    /// <summary>Reads on to the end of the log.</summary>
    /// <exception cref="AuditUnavailableException">The store is away.</exception>
    public async Task<RetentionCount> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await log.RefreshAsync(cancellationToken);
            do
            {
                if (log.PrunedTo != _from)
                {
                    Restart(log.PrunedTo);
                }

                await CatchUpAsync(cancellationToken);
            }
            while (_missing is not null && await WasPrunedAsync(cancellationToken));

            return new RetentionCount(_from, _next, _missing, new Dictionary<string, ClassTally>(_classes, StringComparer.Ordinal), Holds());
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>True when entries are missing because another process has pruned them by now.</summary>
    private async Task<bool> WasPrunedAsync(CancellationToken cancellationToken)
    {
        await log.RefreshAsync(cancellationToken);
        return log.PrunedTo != _from;
    }

    /// <summary>Entries went from the front: which of each class is not worth to be remembered for the day when it happens.</summary>
    private void Restart(long from)
    {
        _classes.Clear();
        _holdEntries.Clear();
        (_holds, _from, _next, _missing) = ((0, []), from, from, null);
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var size = reader.Size;
        await foreach (var entry in reader.ReadAsync(_next, size, cancellationToken))
        {
            if (entry.Index != _next)
            {
                _missing ??= _next;
            }

            Count(entry);
            _next = entry.Index + 1;
        }

        if (_next < size)
        {
            _missing ??= _next;
            _next = size;
        }
    }

    private IReadOnlyList<LegalHold> Holds()
    {
        if (_holds.Entries != _holdEntries.Count)
        {
            _holds = (_holdEntries.Count, LegalHold.Read(_holdEntries));
        }

        return _holds.Holds;
    }

    private void Count(AuditEntry entry)
    {
        var bytes = entry.Bytes.Span;
        if (LegalHold.MayBe(bytes))
        {
            _holdEntries.Add(entry);
        }

        var facts = RetentionFacts.Read(bytes) ?? default;
        var name = facts.Class ?? "";
        _classes[name] = _classes.TryGetValue(name, out var tally)
            ? tally with { Entries = tally.Entries + 1, Bytes = tally.Bytes + bytes.Length, Newest = facts.RecordedAt }
            : new ClassTally(1, bytes.Length, facts.RecordedAt, facts.RecordedAt);
    }
}

/// <summary>What a log holds.</summary>
/// <param name="From">First entry that is not pruned.</param>
/// <param name="Size">Entries of the log that were looked at, pruned ones with them.</param>
/// <param name="Missing">The first entry that is not there although it was not pruned; null when all are. Then somebody removed some, and no hold is certain.</param>
/// <param name="Classes">What there is of each class; the empty one is of entries that can't be read.</param>
/// <param name="Holds">All legal holds that the log tells of, the newest first.</param>
public sealed record RetentionCount(long From, long Size, long? Missing, IReadOnlyDictionary<string, ClassTally> Classes, IReadOnlyList<LegalHold> Holds)
{
    /// <summary>The holds that stand.</summary>
    public IReadOnlyList<LegalHold> Standing => [.. Holds.Where(static hold => hold.Stands)];
}

/// <summary>Entries of one class.</summary>
/// <param name="Entries">How many.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="Oldest">When the first was recorded (UTC).</param>
/// <param name="Newest">When the last was recorded (UTC).</param>
public sealed record ClassTally(long Entries, long Bytes, DateTimeOffset Oldest, DateTimeOffset Newest);

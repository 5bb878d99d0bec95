using Compliance.Audit.Entries;
using Compliance.Audit.Searching;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// The end of a log as this process knows it: the right edge of the tree, the index of the newest entries, how far each counting source is. It moves
/// by what this process commits and by what others did, which it reads from the store and takes down in the same way. After a failure in it, it must be
/// opened anew.
/// </summary>
/// <remarks>The sequencer's own. What it publishes (position, gaps, index) may be read at any time.</remarks>
internal sealed class LogTail(IAuditStore store, AuditLogOptions options, IAuditAlarm alarm)
{
    private const int Slice = 1024;

    private const string WaysOut =
        "It takes nothing until that is settled, and can be read meanwhile. Put back the database as it was (docs/operations/audit.md, \"When the log does not open\")";

    private volatile LogPosition _position = LogPosition.Unopened;
    private volatile IReadOnlyList<SourceProgress> _gaps = [];
    private bool _wasOpen; // only then what is known here is what was recorded
    private TreeHash _recorded = TreeHash.Empty; // root that the store has for this position; that of the edge, unless somebody changed entries

    /// <summary>Where the log is, as far as this process knows.</summary>
    public LogPosition Position => _position;

    /// <summary>Index of the newest entries.</summary>
    public FreshIndex Fresh { get; } = new();

    /// <summary>Sources with numbers missing.</summary>
    public IReadOnlyList<SourceProgress> Gaps => _gaps;

    public SourceLedger Sources { get; private set; } = new([]);

    /// <summary>When the last entry was recorded.</summary>
    public DateTimeOffset RecordedAt { get; private set; }

    /// <summary>
    /// Takes up what is stored. What does not fit together is taken up too, as far as it can be read: people must be able to look at it, though nothing is
    /// added to it.
    /// </summary>
    /// <returns>How far the log is, and what it goes on from although another root was recorded, because an admin says so.</returns>
    /// <exception cref="AuditUnavailableException">It can't be, it is less than this process knows to be recorded, or somebody changed it.</exception>
    public async Task<(LogHead Head, LogObjection? Accepted)> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var stored = await store.OpenAsync(key, cancellationToken);
        foreach (var damage in stored.Damage)
        {
            alarm.Raise(AuditAlarmKind.Tampered, damage);
        }

        var (head, sources) = stored;
        await CheckNothingIsLostAsync(head, cancellationToken);
        await store.ProbeAsync(cancellationToken);
        var edge = await TailReader.ReadEdgeAsync(store, head.Size, cancellationToken);
        var objection = await StoredLogCheck.RunAsync(store, head, edge, key, cancellationToken);
        var isRefused = objection is not null && (objection.Root is null || objection.Root != options.AcceptedRoot);
        if (!isRefused || _position.Edge.Root() != edge.Root()) // one that is refused is looked at again and again
        {
            await TailReader.ReadIndexAsync(store, Fresh, head, cancellationToken);
            Sources = new SourceLedger(sources);
            _gaps = Sources.WithGaps;
            (RecordedAt, _recorded) = (head.RecordedAt, head.Root);
            _position = new LogPosition(edge, head.PrunedTo);
        }

        _wasOpen |= !isRefused;
        return isRefused ? throw Refusal(objection!) : (head, objection);
    }

    /// <summary>Takes down what other processes appended since.</summary>
    /// <exception cref="AuditUnavailableException">The store does not hold it, or not as it was recorded.</exception>
    public async Task<LogHead> FollowAsync(CancellationToken cancellationToken)
    {
        var head = await store.ReadHeadAsync(cancellationToken);
        var from = _position.Edge.Size;
        while (_position.Edge.Size < head.Size)
        {
            Take(await store.ReadAsync(_position.Edge.Size, head.Size, Slice, cancellationToken));
        }

        if (head.Size < from || head.Root != (head.Size == from ? _recorded : _position.Edge.Root()))
        {
            throw new AuditUnavailableException($"the log in the store is not the one that this process knows the first {from} entries of: it looks at it anew");
        }

        (RecordedAt, _recorded) = (head.RecordedAt, head.Root);
        Prune(head.PrunedTo);
        return head;
    }

    /// <summary>Takes down what this process has committed.</summary>
    public void Add(LogBatch batch, BatchBuilder builder)
    {
        for (var i = 0; i < builder.Terms.Count; i++)
        {
            Fresh.Add(batch.First + i, builder.Terms[i]);
        }

        (RecordedAt, _recorded) = (batch.RecordedAt, batch.Root);
        Publish(builder.Edge);
    }

    /// <summary>Entries before an index are pruned.</summary>
    public void Prune(long end) => _position = _position with { PrunedTo = Math.Max(_position.PrunedTo, end) };

    private void Take(IReadOnlyList<StoredEntry> entries)
    {
        var edge = _position.Edge.Copy();
        if (entries.Count == 0 || entries[0].Index != edge.Size || entries[^1].Index != edge.Size + entries.Count - 1)
        {
            throw new AuditUnavailableException($"entries of the log from {edge.Size} on are not stored: somebody removed them; restore the store from a backup and verify it");
        }

        List<CompleteTile> stored = []; // by whoever completed them
        foreach (var entry in entries)
        {
            edge.Append(entry.Leaf, stored);
            if (AuditEntryReader.TryRead(entry.Bytes) is not { } record)
            {
                continue; // the self-check tells
            }

            Fresh.Add(entry.Index, Terms.Of(record));
            if (record.SourceSequence is { } number)
            {
                Sources.Take(record.Source, number);
            }
        }

        Publish(edge);
    }

    private void Publish(TreeEdge edge)
    {
        Sources.Commit();
        _gaps = Sources.WithGaps;
        _position = _position with { Edge = edge };
    }

    /// <summary>A store that was set back must not be gone on with: entries that were acknowledged, and signed, would get a second version.</summary>
    private async Task CheckNothingIsLostAsync(LogHead head, CancellationToken cancellationToken)
    {
        var known = _wasOpen ? _position.Edge : LogPosition.Unopened.Edge;
        if (known.Size <= head.Size && (await TailReader.ReadEdgeAsync(store, known.Size, cancellationToken)).Root() == known.Root())
        {
            return;
        }

        var loss = $"the log's store has {head.Size} entries that do not begin with the {known.Size} which this process knows: it was set back (a backup, a standby that was behind) "
            + "or changed. Put back the store that has them; a process that starts anew takes what is there";
        alarm.Raise(AuditAlarmKind.Tampered, loss);
        throw new AuditUnavailableException(loss) { IsTampered = true };
    }

    private static AuditUnavailableException Refusal(LogObjection objection) => new(
        objection.Root is null
            ? $"{objection.Why}. {WaysOut}."
            : $"{objection.Why}. {WaysOut}; or, if nobody can, have the log go on from what is stored: all that it signed still holds. For that start it with Audit__AcceptedRoot={objection.Root}, which goes on record.")
    {
        IsTampered = true,
    };
}

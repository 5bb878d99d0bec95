using Compliance.Audit.Entries;
using Compliance.Audit.Searching;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>Lays out what one transaction will add to the log. Nothing it does counts before the store has it.</summary>
/// <param name="edge">Right edge of the tree so far; it is left as it is.</param>
/// <param name="recordedAt">When the last entry before it was recorded: none of it is recorded earlier.</param>
/// <param name="sources">Takes down the numbers of counting sources.</param>
/// <param name="fresh">Index of the segment at the end of the log; it is left as it is.</param>
/// <param name="known">Events that are in the log already, and where.</param>
internal sealed class BatchBuilder(TreeEdge edge, DateTimeOffset recordedAt, SourceLedger sources, FreshIndex fresh, IReadOnlyDictionary<Guid, AuditReceipt> known)
{
    private readonly long _first = edge.Size;
    private readonly List<BatchEntry> _entries = [];
    private readonly List<CompleteTile> _tiles = [];
    private readonly Dictionary<Guid, AuditReceipt> _added = [];
    private DateTimeOffset _recordedAt = recordedAt;

    /// <summary>The tree with the batch in it.</summary>
    public TreeEdge Edge { get; } = edge.Copy();

    /// <summary>Personal data that the entries commit to.</summary>
    public List<Personal.PersonalCommitment> Personal { get; } = [];

    /// <summary>Numbers that were skipped or used twice, for the alarm.</summary>
    public List<(AuditAlarmKind Kind, string Message)> Oddities { get; } = [];

    /// <summary>Terms of each entry, in order.</summary>
    public List<long[]> Terms { get; } = [];

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Adds a caller's entries and says where they will be.</summary>
    public IReadOnlyList<AuditReceipt> Add(AppendWork work)
    {
        MakeRoom(work.Entries.Count);
        if (work.RecordedAt < _recordedAt)
        {
            work.RecordedAt = _recordedAt; // the clock went back, or is behind that of another process
            work.Stamp();
        }

        _recordedAt = work.RecordedAt;
        var receipts = new AuditReceipt[work.Entries.Count];
        for (var i = 0; i < receipts.Length; i++)
        {
            receipts[i] = Add(work.Entries[i]);
        }

        return receipts;
    }

    public LogBatch Build() => new(_first, _recordedAt, _entries, _tiles, fresh.FinishedWith(_first, Terms), sources.Changed, Edge.Root());

    private void MakeRoom(int entries)
    {
        _entries.EnsureCapacity(_entries.Count + entries);
        Terms.EnsureCapacity(Terms.Count + entries);
        _added.EnsureCapacity(_added.Count + entries);
    }

    private AuditReceipt Add(PreparedEntry entry)
    {
        var id = entry.Event.Id;
        if ((known.Count > 0 && known.TryGetValue(id, out var receipt)) || _added.TryGetValue(id, out receipt))
        {
            return receipt with { IsDuplicate = true };
        }

        receipt = new AuditReceipt(id, Edge.Size, entry.Leaf, IsDuplicate: false);
        Edge.Append(entry.Leaf, _tiles);
        _entries.Add(new BatchEntry(id, entry.Bytes, entry.Leaf));
        Terms.Add(entry.Terms);
        _added.Add(id, receipt);
        if (entry.Personal.Count > 0)
        {
            Personal.AddRange(entry.Personal);
        }

        NoteSequence(entry.Event);
        return receipt;
    }

    private void NoteSequence(AuditEvent e)
    {
        if (e.SourceSequence is not { } number)
        {
            return;
        }

        switch (sources.Take(e.Source, number))
        {
            case SequenceVerdict.Skips:
                Oddities.Add((AuditAlarmKind.SourceGap, $"events of source {e.Source} before its number {number} are missing"));
                break;
            case SequenceVerdict.Repeats:
                Oddities.Add((AuditAlarmKind.SourceRepeats, $"source {e.Source} used the number {number} for two events"));
                break;
        }
    }
}

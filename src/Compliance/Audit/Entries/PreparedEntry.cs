using Compliance.Audit.Personal;

namespace Compliance.Audit.Entries;

/// <summary>An entry that only lacks the time of its recording, and the hash that follows from it.</summary>
public sealed class PreparedEntry
{
    private readonly int _recordedAt;

    internal PreparedEntry(AuditEvent e, byte[] bytes, int recordedAt, IReadOnlyList<PersonalCommitment> personal)
    {
        (Event, Bytes, _recordedAt, Personal) = (e, bytes, recordedAt, personal);
        Terms = Searching.Terms.Of(e);
    }

    /// <summary>The event.</summary>
    public AuditEvent Event { get; }

    /// <summary>The entry's bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>Personal data that the entry commits to.</summary>
    public IReadOnlyList<PersonalCommitment> Personal { get; }

    /// <summary>What the entry is found by.</summary>
    internal long[] Terms { get; }

    /// <summary>Leaf hash of the bytes, as they were stamped last.</summary>
    internal TreeHash Leaf { get; private set; }

    /// <summary>Fills in when it is recorded, and hashes what it is then; the log does, in the order of the entries.</summary>
    internal void Stamp(DateTimeOffset recordedAt)
    {
        EntryTime.Write(recordedAt, Bytes.AsSpan(_recordedAt));
        Leaf = TreeHash.OfLeaf(Bytes);
    }
}

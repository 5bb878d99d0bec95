using Compliance.Audit.Searching;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// Where a log is kept. One process writes; any may read while it does. A store that can't do what it is asked throws
/// <see cref="AuditUnavailableException"/>, with what stands in its way and what would help.
/// </summary>
public interface IAuditStore : IAsyncDisposable
{
    /// <summary>Becomes the one writer, makes what is missing, and says what is there. Called again after a failure.</summary>
    /// <exception cref="AuditUnavailableException">Another process writes, or the store is away.</exception>
    Task<StoredLog> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Stores a batch in one transaction. When it returns, the batch is on disk.</summary>
    /// <exception cref="DuplicateEventException">An event of the batch is stored already; nothing of the batch was stored.</exception>
    /// <exception cref="AuditUnavailableException">It is not known to be stored.</exception>
    Task AppendAsync(LogBatch batch, CancellationToken cancellationToken);

    /// <summary>Which of these events are stored, and where.</summary>
    Task<IReadOnlyDictionary<Guid, long>> FindAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken);

    /// <summary>Stores a signed checkpoint.</summary>
    Task SaveCheckpointAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>The newest checkpoint of at most this size; null when there is none.</summary>
    Task<StoredCheckpoint?> ReadCheckpointAsync(long size, CancellationToken cancellationToken);

    /// <summary>Entries from an index on, in order, at most so many. Pruned ones are left out.</summary>
    Task<IReadOnlyList<StoredEntry>> ReadAsync(long from, long end, int limit, CancellationToken cancellationToken);

    /// <summary>Entries at these indices, newest first. Pruned ones are left out.</summary>
    Task<IReadOnlyList<StoredEntry>> ReadAsync(IReadOnlyCollection<long> indices, CancellationToken cancellationToken);

    /// <summary>A whole tile; null when it is not stored.</summary>
    Task<byte[]?> ReadTileAsync(int level, long index, CancellationToken cancellationToken);

    /// <summary>Entries of a finished segment that have a term; null when there are none.</summary>
    Task<Posting?> ReadPostingAsync(long segment, long term, CancellationToken cancellationToken);

    /// <summary>Writes something of no meaning durably, to see whether the store takes writes again.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Removes the bytes of all entries before an index and what finds them, and keeps all tiles.</summary>
    /// <param name="end">Index after the last; a multiple of 256, so that whole tiles remain of what goes.</param>
    /// <param name="certificate">Index of the entry that certifies it: action <c>log.prune</c>, with this end in its details. The store refuses any other.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task PruneAsync(long end, long certificate, CancellationToken cancellationToken);
}

/// <summary>What a store holds.</summary>
/// <param name="Size">Entries.</param>
/// <param name="Root">Root that was stored with the last batch.</param>
/// <param name="RecordedAt">When the last entry was recorded.</param>
/// <param name="PrunedTo">Entries before this index are pruned.</param>
/// <param name="Sources">How far each counting source has come.</param>
/// <param name="Checkpoint">The newest checkpoint.</param>
public sealed record StoredLog(
    long Size, TreeHash Root, DateTimeOffset RecordedAt, long PrunedTo, IReadOnlyList<SourceProgress> Sources, StoredCheckpoint? Checkpoint)
{
    /// <summary>What is not as the log leaves its store: somebody was at it. It does not keep the log from going on.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];
}

/// <summary>What one transaction adds to a log.</summary>
/// <param name="First">Index of the first entry: the size of the log before.</param>
/// <param name="RecordedAt">When all of them were recorded.</param>
/// <param name="Entries">The entries.</param>
/// <param name="Tiles">Tiles that they complete.</param>
/// <param name="Postings">Index of the segments that they finish, in its order.</param>
/// <param name="Sources">Sources that they move on.</param>
/// <param name="Root">Root of the log after.</param>
public sealed record LogBatch(
    long First,
    DateTimeOffset RecordedAt,
    IReadOnlyList<BatchEntry> Entries,
    IReadOnlyList<CompleteTile> Tiles,
    IReadOnlyList<Posting> Postings,
    IReadOnlyList<SourceProgress> Sources,
    TreeHash Root)
{
    /// <summary>Size of the log after.</summary>
    public long Size => First + Entries.Count;
}

/// <summary>An entry of a batch.</summary>
/// <param name="EventId">Its event.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Leaf">Their leaf hash.</param>
public readonly record struct BatchEntry(Guid EventId, byte[] Bytes, TreeHash Leaf);

/// <summary>An entry as it is stored.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Leaf">Leaf hash stored beside them. It is what the tree was built from; a self-check compares.</param>
public sealed record StoredEntry(long Index, byte[] Bytes, TreeHash Leaf);

/// <summary>A signed checkpoint.</summary>
/// <param name="Size">Entries that it covers.</param>
/// <param name="Root">Root over them.</param>
/// <param name="At">When it was signed.</param>
/// <param name="Note">The signed note (C2SP).</param>
public sealed record StoredCheckpoint(long Size, TreeHash Root, DateTimeOffset At, string Note);

/// <summary>An event of a batch is in the log already.</summary>
public sealed class DuplicateEventException() : Exception("an event of the batch is in the log already");

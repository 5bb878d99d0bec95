using Compliance.Audit.Searching;
using Compliance.Audit.Tree;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// Where a log is kept, and what puts the batches of several processes into one order. A store that can order but those of one process lets no second
/// one in. A store that can't do what it is asked throws <see cref="AuditUnavailableException"/>, with what stands in its way and what would help.
/// </summary>
public interface IAuditStore : IAsyncDisposable
{
    /// <summary>Makes what is missing, and says what is there. Called again after a failure.</summary>
    /// <param name="key">Public key of who signs the log's checkpoints. The first to open a log settles it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AuditUnavailableException">The log goes under another key, another process has a store that takes one only, or the store is away.</exception>
    Task<StoredLog> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Stores a batch in one transaction. When it returns, the batch is on disk.</summary>
    /// <exception cref="LogMovedOnException">The log does not end where the batch begins: another process was faster. Nothing was stored.</exception>
    /// <exception cref="DuplicateEventException">An event of the batch is stored already; nothing of the batch was stored.</exception>
    /// <exception cref="AuditUnavailableException">It is not known to be stored.</exception>
    Task AppendAsync(LogBatch batch, CancellationToken cancellationToken);

    /// <summary>Waits until no other process appends, and keeps them from it until this one's next batch is stored or refused, or the turn is disposed.</summary>
    Task<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken);

    /// <summary>How far the log is, whoever wrote it.</summary>
    Task<LogHead> ReadHeadAsync(CancellationToken cancellationToken);

    /// <summary>Completes when another process added to the log since the last call, or may have; never where there can be no other.</summary>
    Task WaitForOthersAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What is not as the log leaves its store, as far as it shows without going over the entries: entries beyond its head, guards that are gone. Somebody
    /// was at it.
    /// </summary>
    Task<IReadOnlyList<string>> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Which of these events are stored, and where.</summary>
    Task<IReadOnlyDictionary<Guid, long>> FindAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken);

    /// <summary>Stores a signed checkpoint, unless there is one of its size or a later one.</summary>
    /// <returns>The newest that is stored now: another one when it was not stored.</returns>
    Task<StoredCheckpoint> SaveCheckpointAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken);

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

    /// <summary>Removes the bytes of all entries before an index and what finds them, and keeps all tiles. Does nothing when they are gone.</summary>
    /// <param name="end">Index after the last; a multiple of 256, so that whole tiles remain of what goes.</param>
    /// <param name="certificate">Index of the entry that certifies it: action <c>log.prune</c>, with this end in its details. The store refuses any other.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task PruneAsync(long end, long certificate, CancellationToken cancellationToken);
}

/// <summary>How far a log is.</summary>
/// <param name="Size">Entries.</param>
/// <param name="Root">Root that was stored with the last batch.</param>
/// <param name="RecordedAt">When the last entry was recorded.</param>
/// <param name="PrunedTo">Entries before this index are pruned.</param>
/// <param name="Checkpoint">The newest checkpoint.</param>
public sealed record LogHead(long Size, TreeHash Root, DateTimeOffset RecordedAt, long PrunedTo, StoredCheckpoint? Checkpoint)
{
    /// <summary>That of a log without entries.</summary>
    public static LogHead Empty { get; } = new(0, TreeHash.Empty, DateTimeOffset.UnixEpoch, 0, null);
}

/// <summary>What a store holds, all as of one moment.</summary>
/// <param name="Head">How far the log is.</param>
/// <param name="Sources">How far each counting source has come.</param>
public sealed record StoredLog(LogHead Head, IReadOnlyList<SourceProgress> Sources)
{
    /// <summary>Guards that were gone from it and are back now: somebody was at it. That alone does not keep the log from going on.</summary>
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

/// <summary>The log does not end where a batch begins: another process appended in between.</summary>
public sealed class LogMovedOnException() : Exception("another process appended to the log first");

/// <summary>An event of a batch is in the log already.</summary>
public sealed class DuplicateEventException() : Exception("an event of the batch is in the log already");

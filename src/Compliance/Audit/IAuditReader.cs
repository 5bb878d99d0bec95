namespace Compliance.Audit;

/// <summary>Reads the log as it is stored.</summary>
public interface IAuditReader
{
    /// <summary>Entries acknowledged so far.</summary>
    long Size { get; }

    /// <summary>The newest signed checkpoint, as a C2SP signed note; null before the first.</summary>
    Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken);

    /// <summary>Entries from an index on, in order. Pruned ones are left out.</summary>
    /// <param name="from">First index.</param>
    /// <param name="end">Index after the last.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<AuditEntry> ReadAsync(long from, long end, CancellationToken cancellationToken);

    /// <summary>Entries that match, newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="before">Only entries before this index; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>How many entries match, counted up to a bound; the bound itself means that or more.</summary>
    Task<int> CountAsync(AuditQuery query, int bound, CancellationToken cancellationToken);

    /// <summary>
    /// Hashes of a tile of the tree (C2SP tlog-tiles): for level 0 the leaf hashes, for level L the roots of whole level L-1 tiles.
    /// </summary>
    /// <param name="level">Level, from 0.</param>
    /// <param name="index">Index of the tile on its level.</param>
    /// <param name="width">Hashes wanted, 1 to 256; a tile at the right edge is not full.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The log does not reach that far.</exception>
    Task<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellationToken);
}

/// <summary>An entry of the log.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Bytes">The exact bytes that are hashed: canonical JSON. Never serialise them again to check them.</param>
public readonly record struct AuditEntry(long Index, ReadOnlyMemory<byte> Bytes);

/// <summary>Which entries are wanted; a null or empty part does not narrow.</summary>
public sealed record AuditQuery
{
    /// <summary>Recorded at or after this (UTC).</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Recorded before this (UTC).</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Id of the actor.</summary>
    public string? Actor { get; init; }

    /// <summary>Action; with a <c>.*</c> at its end, all that begin so.</summary>
    public string? Action { get; init; }

    /// <summary>Kind of the object.</summary>
    public string? ObjectKind { get; init; }

    /// <summary>Namespaces of the object; null for all.</summary>
    public IReadOnlyCollection<string>? Namespaces { get; init; }

    /// <summary>Name of the object.</summary>
    public string? ObjectName { get; init; }

    /// <summary>Framework that wants the entry on record.</summary>
    public string? Framework { get; init; }

    /// <summary>How it ended.</summary>
    public AuditOutcome? Outcome { get; init; }

    /// <summary>Source that told it.</summary>
    public string? Source { get; init; }

    /// <summary>All that one request caused.</summary>
    public string? CorrelationId { get; init; }
}

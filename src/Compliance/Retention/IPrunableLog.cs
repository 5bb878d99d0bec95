using Compliance.Audit;

namespace Compliance.Retention;

/// <summary>The part of a log that removing entries takes.</summary>
public interface IPrunableLog
{
    /// <summary>Entries before this index are pruned.</summary>
    long PrunedTo { get; }

    /// <summary>Entries that a signed checkpoint covers: no others are removed.</summary>
    long SignedSize { get; }

    /// <summary>Takes up what other processes recorded, pruned and signed until now.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Compares all entries with the tree and the newest checkpoint.</summary>
    /// <returns>What is not as it was recorded, the first findings; none when all is well.</returns>
    /// <exception cref="AuditUnavailableException">The store is away.</exception>
    Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken);

    /// <summary>Removes the bytes of the entries before an index, as a certificate entry says.</summary>
    /// <param name="end">Index after the last; a multiple of 256.</param>
    /// <param name="certificate">Index of the entry that certifies it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AuditUnavailableException">The store refuses.</exception>
    Task PruneAsync(long end, long certificate, CancellationToken cancellationToken);
}

namespace Compliance.Audit.Personal;

/// <summary>Where sealed personal data and the wrapped keys of their subjects are kept. What it erases is gone from its files too.</summary>
public interface IPersonalStore : IAsyncDisposable
{
    /// <summary>The wrapped key of a subject; null when there is none.</summary>
    Task<byte[]?> ReadKeyAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Stores new keys and data durably, in one transaction.</summary>
    /// <param name="made">Keys of subjects that had none.</param>
    /// <param name="used">Keys that were there, under which data are sealed.</param>
    /// <param name="data">The data.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when another process made or destroyed one of these keys meanwhile: nothing was stored.</returns>
    Task<bool> TryAddAsync(IReadOnlyList<WrappedKey> made, IReadOnlyList<WrappedKey> used, IReadOnlyList<SealedDatum> data, CancellationToken cancellationToken);

    /// <summary>The sealed datum with a digest; null when there is none.</summary>
    Task<byte[]?> ReadAsync(string subject, byte[] digest, CancellationToken cancellationToken);

    /// <summary>Sealed data in the order of their subjects and digests.</summary>
    /// <param name="subject">Whose; null for all.</param>
    /// <param name="after">Only those after this one; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<SealedDatum>> ReadAsync(string? subject, SealedDatum? after, int limit, CancellationToken cancellationToken);

    /// <summary>Destroys the key and all data of a subject, and stores in their place, in the same transaction, what is kept of them.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="seen">The key and how many data there were when it was decided what is kept; null for a subject without a key.</param>
    /// <param name="key">Another key, for what is kept; null when nothing is.</param>
    /// <param name="kept">What is kept, sealed under that key.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when another process changed any of it meanwhile: nothing was destroyed.</returns>
    Task<bool> TryReplaceAsync(string subject, SeenRecords? seen, WrappedKey? key, IReadOnlyList<SealedDatum> kept, CancellationToken cancellationToken);

    /// <summary>Destroys some data, and the keys of subjects that have none left. What is not there is passed over.</summary>
    Task RemoveAsync(IReadOnlyList<(string Subject, byte[] Digest)> data, CancellationToken cancellationToken);
}

/// <summary>The key of a subject, encrypted under the master key.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Key">The wrapped key.</param>
public sealed record WrappedKey(string Subject, byte[] Key);

/// <summary>A datum, encrypted under its subject's key.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Digest">Digest of its commitment.</param>
/// <param name="Sealed">The datum with its salt, sealed.</param>
public sealed record SealedDatum(string Subject, byte[] Digest, byte[] Sealed);

/// <summary>What there was of a subject when somebody looked.</summary>
/// <param name="Key">The wrapped key.</param>
/// <param name="Count">How many data.</param>
public sealed record SeenRecords(byte[] Key, int Count);

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

    /// <summary>Destroys the key and the data of a subject, and says how many those were.</summary>
    Task<int> EraseAsync(string subject, CancellationToken cancellationToken);
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

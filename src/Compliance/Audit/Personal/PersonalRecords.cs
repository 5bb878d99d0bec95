using System.Security.Cryptography;
using System.Text;

namespace Compliance.Audit.Personal;

/// <summary>Seals personal data under the keys of their subjects.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="masterKey">Reads the master key; asked when it is first needed.</param>
public sealed class PersonalRecords(IPersonalStore store, Func<byte[]> masterKey) : IPersonalKeeper, IDisposable
{
    private const int SaltBytes = 32;

    /// <summary>No person: whoever can unwrap this subject's key holds the right master key.</summary>
    private const string Nobody = "";

    private readonly Lazy<byte[]> _master = new(masterKey, LazyThreadSafetyMode.PublicationOnly); // a failure is not kept: the file may be put right
    private readonly SemaphoreSlim _gate = new(1); // else a datum could be sealed under a key that is destroyed in the same moment

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            while (await ReadKeyAsync(Nobody, cancellationToken) is null && !await store.TryAddAsync([Wrap(Nobody, NewKey())], [], [], cancellationToken))
            {
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task KeepAsync(IReadOnlyList<PersonalCommitment> data, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            while (!await TryKeepAsync(data, cancellationToken))
            {
            }

            return data.Count;
        },
        cancellationToken);

    /// <summary>The datum that a commitment is of; null when it was erased.</summary>
    /// <exception cref="AuditUnavailableException">The store is away, or holds something else than was committed to.</exception>
    public Task<string?> RevealAsync(CommitmentReference commitment, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            ArgumentNullException.ThrowIfNull(commitment);
            var digest = Convert.FromHexString(commitment.Digest);
            if (await ReadKeyAsync(commitment.Subject, cancellationToken) is not { } key
                || await store.ReadAsync(commitment.Subject, digest, cancellationToken) is not { } found)
            {
                return null;
            }

            var opened = Open(key, found, digest);
            var value = Encoding.UTF8.GetString(opened.AsSpan(SaltBytes));
            return PersonalCommitment.Fits(digest, new PersonalDatum(commitment.Subject, commitment.Field, value), opened[..SaltBytes])
                ? value
                : throw new AuditUnavailableException("the personal datum in the vault is not the one that the entry commits to");
        },
        cancellationToken);

    /// <summary>Destroys the key and the data of a subject, and says how many those were.</summary>
    internal Task<int> EraseAsync(string subject, CancellationToken cancellationToken) => InTurnAsync(() => store.EraseAsync(subject, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await act();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>False when another process made or erased a subject at the same time.</summary>
    private async Task<bool> TryKeepAsync(IReadOnlyList<PersonalCommitment> data, CancellationToken cancellationToken)
    {
        var keys = new Dictionary<string, byte[]>();
        List<WrappedKey> made = [];
        List<WrappedKey> used = [];
        foreach (var subject in data.Select(static c => c.Datum.Subject).Distinct())
        {
            if (await store.ReadKeyAsync(subject, cancellationToken) is { } wrapped)
            {
                keys.Add(subject, Unwrap(subject, wrapped));
                used.Add(new WrappedKey(subject, wrapped));
            }
            else
            {
                keys.Add(subject, NewKey());
                made.Add(Wrap(subject, keys[subject]));
            }
        }

        return await store.TryAddAsync(made, used, [.. data.Select(commitment => Seal(keys[commitment.Datum.Subject], commitment))], cancellationToken);
    }

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(Sealing.KeyBytes);

    private WrappedKey Wrap(string subject, byte[] key) => new(subject, Sealing.Seal(_master.Value, key, Encoding.UTF8.GetBytes(subject)));

    private byte[] Unwrap(string subject, byte[] wrapped) => Open(_master.Value, wrapped, Encoding.UTF8.GetBytes(subject));

    private async Task<byte[]?> ReadKeyAsync(string subject, CancellationToken cancellationToken) =>
        await store.ReadKeyAsync(subject, cancellationToken) is { } wrapped ? Unwrap(subject, wrapped) : null;

    private static SealedDatum Seal(byte[] key, PersonalCommitment commitment) => new(
        commitment.Datum.Subject, commitment.Digest, Sealing.Seal(key, [.. commitment.Salt, .. Encoding.UTF8.GetBytes(commitment.Datum.Value)], commitment.Digest));

    private static byte[] Open(byte[] key, byte[] found, byte[] belongsTo)
    {
        try
        {
            return Sealing.Open(key, found, belongsTo);
        }
        catch (CryptographicException e)
        {
            throw new AuditUnavailableException("what the vault of personal data holds can't be opened: it was changed, or it was sealed under another personal.key than the one here (all replicas need the same)", e);
        }
    }
}

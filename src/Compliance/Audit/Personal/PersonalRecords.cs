using System.Security.Cryptography;
using System.Text;

namespace Compliance.Audit.Personal;

/// <summary>Seals personal data under the keys of their subjects, opens them, and destroys them.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="masterKey">Reads the master key; asked when it is first needed.</param>
public sealed class PersonalRecords(IPersonalStore store, Func<byte[]> masterKey) : IPersonalKeeper, IPersonalVault, IDisposable
{
    private const int SaltBytes = 32;
    private const int Slice = 500;

    /// <summary>Data of a subject that are looked at for one of a field: each event of a person brings all of its fields anew.</summary>
    private const int LookedAtForField = 32;

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

    /// <inheritdoc/>
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

            var (salt, value) = Split(Open(key, found, digest));
            return PersonalCommitment.Fits(digest, new PersonalDatum(commitment.Subject, commitment.Field, value), salt)
                ? value
                : throw new AuditUnavailableException("the personal datum in the vault is not the one that the entry commits to");
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindSubjectsAsync(string value, CancellationToken cancellationToken)
    {
        List<string> subjects = [];
        SealedDatum? last = null;
        do
        {
            var after = last;
            last = await InTurnAsync(() => LookThroughAsync(after), cancellationToken); // in slices: who wants to record something must not wait for all of them
        }
        while (last is not null);
        return subjects;

        async Task<SealedDatum?> LookThroughAsync(SealedDatum? after)
        {
            var slice = await store.ReadAsync(subject: null, after, Slice, cancellationToken);
            foreach (var data in slice.GroupBy(static datum => datum.Subject).Where(data => !subjects.Contains(data.Key)))
            {
                if (await ReadKeyAsync(data.Key, cancellationToken) is { } key && data.Any(datum => string.Equals(Split(Open(key, datum.Sealed, datum.Digest)).Value, value, StringComparison.OrdinalIgnoreCase)))
                {
                    subjects.Add(data.Key);
                }
            }

            return slice.Count < Slice ? null : slice[^1];
        }
    }

    /// <inheritdoc/>
    public Task<string?> FindDatumAsync(string subject, string field, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (await ReadKeyAsync(subject, cancellationToken) is not { } key)
            {
                return null;
            }

            foreach (var datum in await store.ReadAsync(subject, after: null, LookedAtForField, cancellationToken))
            {
                var (salt, value) = Split(Open(key, datum.Sealed, datum.Digest));
                if (PersonalCommitment.Fits(datum.Digest, new PersonalDatum(subject, field, value), salt))
                {
                    return value;
                }
            }

            return null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> DigestsAsync(string subject, CancellationToken cancellationToken) => InTurnAsync(
        async () => (IReadOnlySet<string>)(await ReadAllAsync(subject, cancellationToken)).Select(static datum => Convert.ToHexStringLower(datum.Digest)).ToHashSet(StringComparer.Ordinal),
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>
    /// Destroys the key of a subject and some of its data. What is not to be erased is sealed anew under another key: so backups of the store open
    /// nothing of what was erased, either.
    /// </summary>
    /// <param name="subject">Whose.</param>
    /// <param name="digests">Digests of what goes, in hexadecimal.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many data were erased.</returns>
    internal Task<int> EraseAsync(string subject, IReadOnlySet<string> digests, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            int? erased;
            do
            {
                erased = await TryEraseAsync(subject, digests, cancellationToken);
            }
            while (erased is null);
            return erased.Value;
        },
        cancellationToken);

    /// <summary>Destroys data whose entries go.</summary>
    internal Task ForgetAsync(IReadOnlyList<CommitmentReference> data, CancellationToken cancellationToken) => data.Count == 0
        ? Task.CompletedTask
        : InTurnAsync(
            async () =>
            {
                await store.RemoveAsync([.. data.Select(static datum => (datum.Subject, Convert.FromHexString(datum.Digest)))], cancellationToken);
                return data.Count;
            },
            cancellationToken);

    private async Task<List<SealedDatum>> ReadAllAsync(string subject, CancellationToken cancellationToken)
    {
        List<SealedDatum> all = [];
        IReadOnlyList<SealedDatum> slice;
        do
        {
            slice = await store.ReadAsync(subject, all.Count == 0 ? null : all[^1], Slice, cancellationToken);
            all.AddRange(slice);
        }
        while (slice.Count == Slice);
        return all;
    }

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

    /// <summary>Null when another process changed anything of the subject at the same time.</summary>
    private async Task<int?> TryEraseAsync(string subject, IReadOnlySet<string> digests, CancellationToken cancellationToken)
    {
        var wrapped = await store.ReadKeyAsync(subject, cancellationToken);
        var all = await ReadAllAsync(subject, cancellationToken);
        var seen = wrapped is null ? null : new SeenRecords(wrapped, all.Count);
        var kept = all.FindAll(datum => !digests.Contains(Convert.ToHexStringLower(datum.Digest)));
        if (kept.Count == 0 || wrapped is null)
        {
            return await store.TryReplaceAsync(subject, seen, key: null, [], cancellationToken) ? all.Count : null;
        }

        var (old, key) = (Unwrap(subject, wrapped), NewKey());
        var anew = kept.ConvertAll(datum => datum with { Sealed = Sealing.Seal(key, Open(old, datum.Sealed, datum.Digest), datum.Digest) });
        return await store.TryReplaceAsync(subject, seen, Wrap(subject, key), anew, cancellationToken) ? all.Count - kept.Count : null;
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

    private static (byte[] Salt, string Value) Split(byte[] opened) => (opened[..SaltBytes], Encoding.UTF8.GetString(opened.AsSpan(SaltBytes)));

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

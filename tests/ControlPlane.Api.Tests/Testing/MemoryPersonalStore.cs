using Compliance.Audit.Personal;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>Sealed personal data in memory.</summary>
internal sealed class MemoryPersonalStore : IPersonalStore
{
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SealedDatum> _data = new(StringComparer.Ordinal);

    public Task<byte[]?> ReadKeyAsync(string subject, CancellationToken cancellationToken) => Task.FromResult(_keys.GetValueOrDefault(subject));

    public Task<bool> TryAddAsync(IReadOnlyList<WrappedKey> made, IReadOnlyList<WrappedKey> used, IReadOnlyList<SealedDatum> data, CancellationToken cancellationToken)
    {
        if (made.Any(key => _keys.ContainsKey(key.Subject)) || used.Any(key => !_keys.GetValueOrDefault(key.Subject, []).AsSpan().SequenceEqual(key.Key)))
        {
            return Task.FromResult(false);
        }

        foreach (var key in made)
        {
            _keys.Add(key.Subject, key.Key);
        }

        foreach (var datum in data)
        {
            _data.Add(KeyOf(datum.Subject, datum.Digest), datum);
        }

        return Task.FromResult(true);
    }

    public Task<byte[]?> ReadAsync(string subject, byte[] digest, CancellationToken cancellationToken) => Task.FromResult(_data.GetValueOrDefault(KeyOf(subject, digest))?.Sealed);

    public Task<IReadOnlyList<SealedDatum>> ReadAsync(string? subject, SealedDatum? after, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SealedDatum>>(
        [.. _data.Where(pair => (subject is null || pair.Value.Subject == subject) && (after is null || string.CompareOrdinal(pair.Key, KeyOf(after.Subject, after.Digest)) > 0)).Take(limit).Select(pair => pair.Value)]);

    public Task<bool> TryReplaceAsync(string subject, SeenRecords? seen, WrappedKey? key, IReadOnlyList<SealedDatum> kept, CancellationToken cancellationToken)
    {
        _keys.Remove(subject);
        foreach (var gone in _data.Where(pair => pair.Value.Subject == subject).Select(pair => pair.Key).ToList())
        {
            _data.Remove(gone);
        }

        return TryAddAsync(key is null ? [] : [key], [], kept, cancellationToken);
    }

    public Task RemoveAsync(IReadOnlyList<(string Subject, byte[] Digest)> data, CancellationToken cancellationToken)
    {
        foreach (var (subject, digest) in data)
        {
            _data.Remove(KeyOf(subject, digest));
            if (!_data.Values.Any(datum => datum.Subject == subject))
            {
                _keys.Remove(subject);
            }
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string KeyOf(string subject, byte[] digest) => $"{subject}\n{Convert.ToHexStringLower(digest)}";
}

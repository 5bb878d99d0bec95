using System.Collections.Concurrent;
using System.Globalization;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Remembers the version that each of our own writes produced. A cache lags behind the server: without this, a reconcile that runs before the
/// echo of its predecessor's write would write the same again. Entries live as long as the objects.
/// </summary>
public sealed class WriteTracker(TimeProvider time)
{
    /// <summary>
    /// Longest time that an echo is waited for. A cache that is further behind is not about to catch up: the server may have been restored from a
    /// backup, and its versions be lower from now on.
    /// </summary>
    private static readonly TimeSpan EchoLimit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), Write> _writes = [];

    /// <summary>True when the cache shows a state older than our last write: to judge it would be to judge the past.</summary>
    public bool IsStale(ResourceType type, ObjectKey key, string? cachedVersion) =>
        _writes.TryGetValue((type, key), out var write)
        && IsOlder(cachedVersion, write.ResourceVersion)
        && time.GetElapsedTime(write.At) < EchoLimit;

    /// <summary>
    /// True when the change is our own last write and nothing else: the state before it is the one that we wrote on. Then the reconcile that
    /// wrote has seen all there is. A change that also shows somebody else's doing is no echo, even when our write is part of it.
    /// </summary>
    public bool IsEcho<T>(ResourceType type, CacheChange<T> change)
        where T : class, IKubeObject =>
        change.New is { Metadata: var now }
        && _writes.TryGetValue((type, now.Key), out var write)
        && now.ResourceVersion == write.ResourceVersion
        && change.Old?.Metadata.ResourceVersion == write.BasedOn;

    /// <summary>Forgets what we wrote to objects of this kind once they are gone.</summary>
    public void Follow<T>(Informer<T> informer)
        where T : class, IKubeObject
    {
        ArgumentNullException.ThrowIfNull(informer);
        informer.Cache.Subscribe(change =>
        {
            if (change.New is null)
            {
                Gone(informer.Type, change.Key);
            }
        });
    }

    /// <summary>Remembers a write that was acknowledged just now.</summary>
    /// <param name="type">Kind of the object.</param>
    /// <param name="key">The object.</param>
    /// <param name="stored">What the server answered.</param>
    /// <param name="basedOn">The version that it changed; null when it created the object.</param>
    /// <param name="fingerprint">What it declared; empty for status.</param>
    internal void Wrote(ResourceType type, ObjectKey key, ReadOnlySpan<byte> stored, string? basedOn, string fingerprint) =>
        _writes[(type, key)] = new Write(ObjectHeader.Read(stored).ResourceVersion, basedOn, fingerprint, time.GetTimestamp());

    /// <summary>Remembers that the server stores these fields otherwise than the last write had them.</summary>
    internal void Normalised(ResourceType type, ObjectKey key, IReadOnlyCollection<string> fields)
    {
        if (_writes.TryGetValue((type, key), out var write))
        {
            _writes[(type, key)] = write with { Normalised = fields.Count > 0 ? fields : [] }; // an empty set for every object would add up
        }
    }

    internal void Gone(ResourceType type, ObjectKey key) => _writes.TryRemove((type, key), out _);

    /// <summary>The last write, if this process made one.</summary>
    internal Write? Last(ResourceType type, ObjectKey key) => _writes.GetValueOrDefault((type, key));

    /// <summary>
    /// Versions are compared as numbers, which every API server on etcd makes them and KEP-5504 promises. One that is no number is never older.
    /// </summary>
    internal static bool IsOlder(string? version, string? than) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
        && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
        && a < b;

    /// <summary>A write of ours.</summary>
    /// <param name="ResourceVersion">The version that it produced.</param>
    /// <param name="BasedOn">The version that it changed; null when it created the object.</param>
    /// <param name="Fingerprint">What it declared; empty for status.</param>
    /// <param name="At">When, as a timestamp of the clock.</param>
    internal sealed record Write(string? ResourceVersion, string? BasedOn, string Fingerprint, long At)
    {
        /// <summary>Paths of declared fields that the server stores otherwise than they were sent: not drift, however often they are seen.</summary>
        public IReadOnlyCollection<string> Normalised { get; init; } = [];
    }
}

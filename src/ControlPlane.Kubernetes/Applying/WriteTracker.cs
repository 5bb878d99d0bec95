using System.Collections.Concurrent;
using System.Globalization;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Remembers the version that each of our own writes produced. A cache lags behind the server: without this, a reconcile that runs before the
/// echo of its predecessor's write would write the same again. Entries live as long as the objects.
/// </summary>
public sealed class WriteTracker
{
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), Write> _writes = [];

    /// <summary>True when the cache shows a state older than our last write: to judge it would be to judge the past.</summary>
    public bool IsStale(ResourceType type, ObjectKey key, string? cachedVersion) =>
        _writes.TryGetValue((type, key), out var write) && IsOlder(cachedVersion, write.ResourceVersion);

    /// <summary>True when the event tells nothing but our own write, or something that it has overtaken.</summary>
    public bool IsEcho(ResourceType type, IKubeObject? item) =>
        item is not null
        && _writes.TryGetValue((type, item.Metadata.Key), out var write)
        && !IsOlder(write.ResourceVersion, item.Metadata.ResourceVersion);

    /// <summary>Forgets what we wrote to objects of this kind once they are gone.</summary>
    public void Follow(Informer<LiveObject> informer)
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

    internal void Wrote(ResourceType type, ObjectKey key, string resourceVersion, string fingerprint) =>
        _writes[(type, key)] = new Write(resourceVersion, fingerprint);

    internal void Gone(ResourceType type, ObjectKey key) => _writes.TryRemove((type, key), out _);

    /// <summary>The last write, if this process made one.</summary>
    internal Write? Last(ResourceType type, ObjectKey key) => _writes.TryGetValue((type, key), out var write) ? write : null;

    /// <summary>
    /// Versions are compared as numbers, which every API server on etcd makes them and KEP-5504 promises. One that is no number is never older.
    /// </summary>
    internal static bool IsOlder(string? version, string? than) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
        && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
        && a < b;

    internal sealed record Write(string ResourceVersion, string Fingerprint);
}

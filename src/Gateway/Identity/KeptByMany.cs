using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Resources;

namespace Gateway.Identity;

/// <summary>Values that several Services need: each is read once for all of them, and all of them are told when it can't be.</summary>
internal sealed class KeptByMany<TKey, T>(KeptTimes times, TimeProvider time)
    where TKey : notnull
    where T : class
{
    private readonly ConcurrentDictionary<TKey, (KeptValue<T> Value, ConcurrentDictionary<ObjectKey, bool> Users)> _known = [];

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="user">The Service that needs it.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="told">Told of each Service that needs it after each try: null when it went well, else why not.</param>
    public KeptValue<T> For(TKey key, ObjectKey user, Func<TKey, CancellationToken, Task<T>> read, Action<ObjectKey, TKey, string?> told)
    {
        var (value, users) = _known.TryGetValue(key, out var known) ? known : _known.GetOrAdd(key, it =>
        {
            var all = new ConcurrentDictionary<ObjectKey, bool>();
            return (new KeptValue<T>(cancel => read(it, cancel), times, problem => Array.ForEach([.. all.Keys], service => told(service, it, problem)), time), all);
        });
        users.TryAdd(user, true);
        return value;
    }
}

using System.Collections.Concurrent;

namespace ControlPlane.Kubernetes.Queues;

/// <summary>
/// Pauses of failing keys: <paramref name="first"/> doubled with each failure up to <paramref name="longest"/>. Sticky: only
/// <see cref="Forget"/> makes it short again, never the arrival of new events.
/// </summary>
public sealed class KeyBackoff<TKey>(TimeSpan first, TimeSpan longest)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, int> _failures = [];

    /// <summary>Counts a failure and says how long to wait.</summary>
    public TimeSpan Next(TKey key)
    {
        var failures = _failures.AddOrUpdate(key, 1, static (_, count) => count + 1);
        var pause = first.Ticks * Math.Pow(2, failures - 1);
        return pause >= longest.Ticks ? longest : TimeSpan.FromTicks((long)pause);
    }

    /// <summary>The key succeeded.</summary>
    public void Forget(TKey key) => _failures.TryRemove(key, out _);

    /// <summary>How often it failed in a row.</summary>
    public int Failures(TKey key) => _failures.GetValueOrDefault(key);
}

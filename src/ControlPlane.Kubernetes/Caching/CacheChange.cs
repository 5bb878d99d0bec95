using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>A change of a cache, told after the cache shows it.</summary>
/// <param name="Old">The object before; null when it is new.</param>
/// <param name="New">The object now; null when it is gone. Objects are shared: never change them.</param>
/// <param name="Initial">True for what was there when the cache was filled or the observer came: not news, so it may wait behind news.</param>
public readonly record struct CacheChange<T>(T? Old, T? New, bool Initial)
    where T : class, IKubeObject
{
    /// <summary>The newest known state: for a deleted object the last one seen.</summary>
    public T Latest => New ?? Old ?? throw new InvalidOperationException("a change has an old or a new object");

    /// <summary>Which object.</summary>
    public ObjectKey Key => Latest.Metadata.Key;
}

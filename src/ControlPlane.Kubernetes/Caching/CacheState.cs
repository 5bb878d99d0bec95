namespace ControlPlane.Kubernetes.Caching;

/// <summary>How far a cache can be trusted.</summary>
public enum CachePhase
{
    /// <summary>Not yet filled.</summary>
    Starting,

    /// <summary>Filled and following the server.</summary>
    Live,

    /// <summary>Filled, but the server can't be followed at present: what it shows may be old.</summary>
    Disconnected,

    /// <summary>The server does not serve this kind; the cache is empty.</summary>
    NotServed,
}

/// <summary>State of a cache.</summary>
/// <param name="Phase">How far it can be trusted.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="Problem">Why it is not live; null when it is.</param>
public sealed record CacheState(CachePhase Phase, DateTimeOffset Since, string? Problem = null);

namespace LocalCluster.NodeAgent.Pods;

/// <summary>
/// How long a container that ended waits before it is started again, to a kubelet's rule: not at all the first time, then 10 s, doubled each
/// time up to 5 min, and from the beginning once it has run for 10 min.
/// </summary>
internal sealed class CrashBackoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private TimeSpan _next;
    private DateTimeOffset _lastStart;

    /// <summary>The shortest pause.</summary>
    public static TimeSpan First { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after this one.</summary>
    public static TimeSpan Longer(TimeSpan pause) => 2 * pause < Longest ? 2 * pause : Longest;

    /// <summary>The container ended and is to be started again.</summary>
    /// <param name="finishedAt">When it ended.</param>
    /// <returns>How long to wait since then.</returns>
    public TimeSpan Next(DateTimeOffset finishedAt)
    {
        var wait = finishedAt - _lastStart > 2 * Longest ? TimeSpan.Zero : _next;
        _next = wait == TimeSpan.Zero ? First : Longer(wait);
        _lastStart = finishedAt + wait;
        return wait;
    }
}

namespace Fleet.Hosting.Metrics;

/// <summary>
/// Bucket bounds of latency histograms. They contain the fleet's latency targets (200, 300 and 500 ms, 2 s), so that a target is read off
/// exactly.
/// </summary>
internal static class LatencyBuckets
{
    /// <summary>Upper bounds in seconds, ascending.</summary>
    public static IReadOnlyList<double> Seconds { get; } = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30];
}

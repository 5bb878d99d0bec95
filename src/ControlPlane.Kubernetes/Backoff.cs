namespace ControlPlane.Kubernetes;

/// <summary>
/// Growing pauses between attempts at one thing: doubled each time, with jitter so that many clients do not come back at once, and short again
/// after a quiet time. Not for many threads.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, TimeSpan quiet, TimeProvider time)
{
    private TimeSpan? _previous;
    private long _last;

    /// <summary>How long to wait before the next attempt: at most a quarter more or less than the doubled pause.</summary>
    public TimeSpan Next()
    {
        var now = time.GetTimestamp();
        var next = _previous is { } previous && time.GetElapsedTime(_last, now) <= previous + quiet
            ? TimeSpan.FromTicks(Math.Min(previous.Ticks * 2, longest.Ticks))
            : first;
        (_previous, _last) = (next, now);
        return next * (0.75 + (Random.Shared.NextDouble() / 2));
    }

    /// <summary>What was in the way is gone: the next pause is the shortest again.</summary>
    public void Reset() => _previous = null;
}

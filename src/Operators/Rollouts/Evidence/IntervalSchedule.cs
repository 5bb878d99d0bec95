namespace Operators.Rollouts.Evidence;

/// <summary>
/// How long the intervals are over which is counted. What was counted once is never summed up anew, since the rates of the test hold for the intervals that were
/// looked at; so it is the intervals to come that grow, as places in the status get few. With 240 places and a look every half minute, the first 24 minutes have
/// intervals of half a minute, after 3 hours they have six minutes, after a day half an hour and more, and the last place is never reached.
/// </summary>
internal static class IntervalSchedule
{
    private const int MostIntervals = 240;
    private const int LeastIntervals = 16;

    /// <summary>Places by which an interval may grow: a quarter of those that are left would have to last as long as all before.</summary>
    private const double Reserve = 4;

    /// <summary>What all intervals and counts may take of a status, in bytes, and how much one of each takes about.</summary>
    private const int Room = 28_000;
    private const int OfInterval = 24;
    private const int OfCounts = 20;

    /// <summary>Intervals that are kept at most, for so many metrics of services.</summary>
    public static int Places(int series) => Math.Clamp(Room / (OfInterval + (OfCounts * series)), LeastIntervals, MostIntervals);

    /// <summary>How long the next interval is at least.</summary>
    /// <param name="declared">How often people want it looked at.</param>
    /// <param name="elapsed">How long is counted already.</param>
    /// <param name="kept">Intervals that are kept.</param>
    /// <param name="series">Metrics of services.</param>
    public static TimeSpan Next(TimeSpan declared, TimeSpan elapsed, int kept, int series)
    {
        var left = Places(series) - kept;
        var grown = left > 0 ? elapsed / Math.Max(1, left / Reserve) : TimeSpan.MaxValue;
        return grown > declared ? grown : declared;
    }
}

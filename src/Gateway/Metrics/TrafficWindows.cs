using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;

namespace Gateway.Metrics;

/// <summary>
/// The requests of the last quarter of an hour, counted in slices of ten seconds by who called what: for those who must see at once how traffic is, without
/// a metrics system. Counting a request allocates nothing once its series has had one in each slice of the ring. Safe for concurrent use.
/// </summary>
/// <param name="time">Clock.</param>
public sealed class TrafficWindows(TimeProvider time)
{
    /// <summary>How finely time is told apart.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    /// <summary>How far back it remembers.</summary>
    public static readonly TimeSpan Retention = Slice * Slices;

    /// <summary>Series that are counted at most; requests beyond are counted as those of a nameless route, so that no request is left out.</summary>
    internal const int MostSeries = 20_000;

    internal const int Slices = 90;

    private readonly ConcurrentDictionary<TrafficFlow, Series> _series = [];
    private readonly long _started = time.GetTimestamp();

    /// <summary>Since when (UTC) requests are counted.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>The requests of a time.</summary>
    /// <param name="from">From when (UTC); at most <see cref="Retention"/> ago is known.</param>
    /// <param name="to">Until when (UTC).</param>
    public TrafficReading Read(DateTimeOffset from, DateTimeOffset to)
    {
        var now = Now();
        var last = Math.Min(now, Math.Max(0, (to - Since).Ticks / Slice.Ticks));
        var first = Math.Max(Math.Max(0, now - Slices + 1), (from - Since).Ticks / Slice.Ticks);
        var until = Since + time.GetElapsedTime(_started);
        var start = Since + (Slice * first);
        var end = Since + (Slice * (last + 1)) is var whole && whole < until ? whole : until;
        Forget(now);
        return new TrafficReading(
            start,
            end < start ? start : end,
            [.. _series.Select(entry => entry.Value.Read(entry.Key, first, last)).OfType<TrafficSeries>()]);
    }

    internal void Record(in TrafficFlow flow, int status, TimeSpan duration)
    {
        if (!_series.TryGetValue(flow, out var series))
        {
            var counted = _series.Count < MostSeries ? flow : flow with { Source = "", Version = "", Route = "" };
            series = _series.GetOrAdd(counted, static _ => new Series());
        }

        series.Record(Now(), status, duration);
    }

    private long Now() => time.GetElapsedTime(_started).Ticks / Slice.Ticks;

    private void Forget(long now)
    {
        foreach (var (flow, series) in _series)
        {
            if (series.Last < now - Slices)
            {
                _series.TryRemove(new(flow, series)); // a request that comes meanwhile may be lost to the windows; it is one in a quarter of an hour
            }
        }
    }

    /// <summary>A ring of slices; each knows its number, so that an old one is told from the new one that takes its place.</summary>
    private sealed class Series
    {
        private readonly Lock _gate = new();
        private readonly TrafficSlice?[] _ring = new TrafficSlice?[Slices];
        private long _last;

        public long Last => Volatile.Read(ref _last);

        public void Record(long number, int status, TimeSpan duration)
        {
            lock (_gate)
            {
                var slice = _ring[number % Slices] ??= new TrafficSlice();
                slice.Begin(number);
                slice.Add(status, duration);
                _last = number;
            }
        }

        public TrafficSeries? Read(TrafficFlow flow, long first, long last)
        {
            var sum = new TrafficSlice();
            lock (_gate)
            {
                foreach (var slice in _ring)
                {
                    if (slice is not null && slice.Number >= first && slice.Number <= last)
                    {
                        sum.Add(slice);
                    }
                }
            }

            return sum.Counts.Total > 0 ? new TrafficSeries(flow, sum.Counts, sum.Latency()) : null;
        }
    }
}

using ControlPlane.Kubernetes.Resources.Traffic.Readings;

namespace Gateway.Metrics;

/// <summary>
/// The requests of one slice of time. Durations fall into buckets of which each is a fifth longer than the one before: a quantile is off by less than a tenth,
/// from a quarter of a millisecond to two minutes. Not safe for concurrent use.
/// </summary>
internal sealed class TrafficSlice
{
    private const double Shortest = 0.00025;
    private const int PerDoubling = 4;
    private const int Buckets = 76;

    private static readonly double[] Bounds = [.. Enumerable.Range(0, Buckets).Select(static i => Shortest * Math.Pow(2, i / (double)PerDoubling))];

    private readonly int[] _durations = new int[Buckets + 1];

    public long Number { get; private set; } = -1;

    public RequestCounts Counts { get; private set; }

    /// <summary>Makes it the slice of a number: empty, unless it is that already.</summary>
    public void Begin(long number)
    {
        if (Number != number)
        {
            Number = number;
            Counts = default;
            Array.Clear(_durations);
        }
    }

    public void Add(int status, TimeSpan duration)
    {
        Counts += RequestCounts.Of(status, 1);
        _durations[Bucket(duration.TotalSeconds)]++;
    }

    public void Add(TrafficSlice other)
    {
        Counts += other.Counts;
        for (var i = 0; i < _durations.Length; i++)
        {
            _durations[i] += other._durations[i];
        }
    }

    public LatencyHistogram Latency() => new(Bounds, Array.ConvertAll(_durations, static count => (double)count));

    private static int Bucket(double seconds) =>
        seconds <= Shortest ? 0 : Math.Min(Buckets, (int)Math.Ceiling(PerDoubling * Math.Log2(seconds / Shortest)));
}

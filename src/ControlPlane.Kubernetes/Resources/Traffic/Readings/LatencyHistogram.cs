namespace ControlPlane.Kubernetes.Resources.Traffic.Readings;

/// <summary>
/// How long requests took: how many of them took at most so long. Between two bounds they are taken to be spread evenly, as Prometheus does, so that a
/// quantile is as exact as the bounds are close.
/// </summary>
public sealed class LatencyHistogram
{
    private readonly double[] _cumulative;

    /// <param name="bounds">Upper bounds in seconds, rising, infinity left out.</param>
    /// <param name="counts">Requests in each, and last of all those above every bound: one more than there are bounds.</param>
    /// <exception cref="ArgumentException">The numbers don't fit each other.</exception>
    public LatencyHistogram(IReadOnlyList<double> bounds, IReadOnlyList<double> counts)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count != bounds.Count + 1)
        {
            throw new ArgumentException($"{bounds.Count} bounds need {bounds.Count + 1} counts, and there are {counts.Count}.", nameof(counts));
        }

        Bounds = bounds;
        _cumulative = new double[counts.Count];
        var sum = 0d;
        for (var i = 0; i < counts.Count; i++)
        {
            _cumulative[i] = sum += counts[i];
        }
    }

    /// <summary>One in which there is nothing.</summary>
    public static LatencyHistogram Empty { get; } = new([], [0]);

    /// <summary>Upper bounds in seconds, rising, infinity left out.</summary>
    public IReadOnlyList<double> Bounds { get; }

    /// <summary>Requests.</summary>
    public double Total => _cumulative[^1];

    /// <summary>Seconds within which a share of the requests were answered; the highest bound when that lies above it; null when there was none.</summary>
    /// <param name="share">From 0 to 1, such as 0.95.</param>
    public double? Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        if (Total <= 0 || Bounds.Count == 0)
        {
            return null;
        }

        var rank = share * Total;
        var bucket = 0;
        while (bucket < Bounds.Count && _cumulative[bucket] < rank)
        {
            bucket++;
        }

        if (bucket == Bounds.Count)
        {
            return Bounds[^1];
        }

        var (below, from) = bucket == 0 ? (0, 0) : (_cumulative[bucket - 1], Bounds[bucket - 1]);
        var within = _cumulative[bucket] - below;
        return within <= 0 ? from : from + ((Bounds[bucket] - from) * (rank - below) / within);
    }

    /// <summary>Requests that took at most so long.</summary>
    /// <param name="seconds">The time; above the highest bound nothing is known, and all are counted.</param>
    public double AtMost(double seconds)
    {
        var bucket = 0;
        while (bucket < Bounds.Count && Bounds[bucket] < seconds)
        {
            bucket++;
        }

        if (bucket == Bounds.Count)
        {
            return Total;
        }

        var (below, from) = bucket == 0 ? (0, 0) : (_cumulative[bucket - 1], Bounds[bucket - 1]);
        return below + ((_cumulative[bucket] - below) * Math.Max(0, seconds - from) / (Bounds[bucket] - from));
    }

    /// <summary>The requests of both.</summary>
    public LatencyHistogram With(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Total <= 0)
        {
            return this;
        }

        if (Total <= 0)
        {
            return other;
        }

        IReadOnlyList<double> bounds = ReferenceEquals(Bounds, other.Bounds) ? Bounds : [.. Bounds.Concat(other.Bounds).Distinct().Order()];
        var counts = new double[bounds.Count + 1];
        var before = 0d;
        for (var i = 0; i < bounds.Count; i++)
        {
            var sum = Below(bounds[i]) + other.Below(bounds[i]);
            (counts[i], before) = (sum - before, sum);
        }

        counts[^1] = Total + other.Total - before;
        return new LatencyHistogram(bounds, counts);
    }

    /// <summary>As <see cref="AtMost"/>, but those above the highest bound stay above.</summary>
    private double Below(double bound) => Bounds.Count == 0 ? 0 : bound >= Bounds[^1] ? _cumulative[^2] : AtMost(bound);
}

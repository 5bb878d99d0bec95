using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Fleet.Hosting.Metrics;

/// <summary>One instrument and its series, one for each set of labels.</summary>
internal sealed class MetricFamily
{
    /// <summary>
    /// More series than this and an instance would be lost in its own metrics; what comes after is counted under one label.
    /// </summary>
    public const int MaxSeries = 500;

    private const string OverflowLabels = "overflow=\"true\"";

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly string _type;
    private readonly string? _help;
    private readonly Func<MetricSeries> _newSeries;

    private MetricFamily(Instrument instrument, string type, Func<MetricSeries> newSeries)
    {
        Name = instrument.Name;
        _type = type;
        _help = instrument.Description;
        _newSeries = newSeries;
    }

    public string Name { get; }

    /// <summary>The family of an instrument, by the kind of the instrument.</summary>
    public static MetricFamily For(Instrument instrument) => instrument switch
    {
        Counter<long> or Counter<double> => new(instrument, "counter", static () => new SumSeries()),
        UpDownCounter<long> => new(instrument, "gauge", static () => new SumSeries()),
        ObservableGauge<long> => new(instrument, "gauge", static () => new LastValueSeries()),
        Histogram<double> histogram => new(instrument, "histogram", BucketsOf(histogram)),
        _ => throw new ArgumentException($"{instrument.Name}: {instrument.GetType().Name} has no Prometheus form here.", nameof(instrument)),
    };

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(tags);
        if (!_series.TryGetValue(labels, out var series))
        {
            series = _series.GetOrAdd(_series.Count < MaxSeries ? labels : OverflowLabels, static (_, make) => make(), _newSeries);
        }

        series.Record(value);
    }

    public void WriteTo(StringBuilder text)
    {
        PrometheusText.AppendHeader(text, Name, _type, _help);
        foreach (var (labels, series) in _series.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            series.WriteTo(text, Name, labels);
        }
    }

    private static Func<MetricSeries> BucketsOf(Histogram<double> histogram)
    {
        var bounds = histogram.Advice?.HistogramBucketBoundaries
            ?? throw new ArgumentException($"{histogram.Name} advises no bucket boundaries.", nameof(histogram));
        return () => new HistogramSeries(bounds);
    }
}

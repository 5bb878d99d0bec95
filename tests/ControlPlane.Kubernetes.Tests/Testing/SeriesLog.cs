using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using ControlPlane.Kubernetes.Metrics;

namespace ControlPlane.Kubernetes.Tests.Testing;

/// <summary>What a scrape would show of counters and gauges, by series: <c>name{label=value,label=value}</c>.</summary>
internal sealed class SeriesLog : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _values = [];

    public SeriesLog(RuntimeMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((counter, value, tags, _) =>
            _values.AddOrUpdate(Series(counter, tags), value, (_, sum) => sum + value));
        _listener.SetMeasurementEventCallback<int>((gauge, value, tags, _) => _values[Series(gauge, tags)] = value);
        _listener.Start();
    }

    /// <summary>The value of a series; null when it does not exist.</summary>
    public long? this[string series]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _values.TryGetValue(series, out var value) ? value : null;
        }
    }

    /// <summary>The series that begin so, as <c>name{…} value</c>, without those that are 0.</summary>
    public IEnumerable<string> Counted(string prefix) => _values
        .Where(series => series.Key.StartsWith(prefix, StringComparison.Ordinal) && series.Value != 0)
        .Select(series => string.Create(CultureInfo.InvariantCulture, $"{series.Key[prefix.Length..]} {series.Value}"))
        .Order(StringComparer.Ordinal);

    public void Dispose() => _listener.Dispose();

    private static string Series(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
}

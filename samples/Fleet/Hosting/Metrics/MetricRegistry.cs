using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Fleet.Hosting.Metrics;

/// <summary>
/// Collects what the meters of one instance measure. A process-wide listener would mix the instances of a process, so that only meters made
/// by this instance's own factory are listened to (docs/adr/0010).
/// </summary>
internal sealed class MetricRegistry : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly Lock _scrape = new();

    public MetricRegistry(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // The framework's own meters are made by the same factory; the fleet's are told by their name.
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name.StartsWith("Fleet.", StringComparison.Ordinal))
            {
                var family = MetricFamily.For(instrument);
                _families[instrument] = family;
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Everything measured so far, in the Prometheus text format 0.0.4.</summary>
    public string Scrape()
    {
        // Two scrapes at once would both ask the observable instruments, and one could write a family while the other fills it.
        lock (_scrape)
        {
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(4096);
            foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                family.WriteTo(text);
            }

            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();
}

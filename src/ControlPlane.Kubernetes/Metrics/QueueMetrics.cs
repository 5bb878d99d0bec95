using System.Diagnostics.Metrics;

namespace ControlPlane.Kubernetes.Metrics;

/// <summary>The instruments that all queues share.</summary>
internal sealed class QueueInstruments
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [1e-5, 1e-4, 1e-3, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    public QueueInstruments(Meter meter, Func<QueueMetrics[]> queues)
    {
        Adds = meter.CreateCounter<long>("workqueue_adds_total", description: "Keys added, by queue.");
        Retries = meter.CreateCounter<long>("workqueue_retries_total", description: "Failed keys added again, by queue.");
        QueueDuration = meter.CreateHistogram("workqueue_queue_duration_seconds", description: "How long keys waited for a worker.", advice: Seconds);
        WorkDuration = meter.CreateHistogram("workqueue_work_duration_seconds", description: "How long workers kept keys.", advice: Seconds);
        meter.CreateObservableGauge(
            "workqueue_depth",
            () => queues().SelectMany(static queue => queue.ObserveDepth()),
            description: "Keys waiting for a worker, by queue and priority.");
        meter.CreateObservableGauge(
            "workqueue_unfinished_work_seconds",
            () => queues().Select(static queue => new Measurement<double>(queue.Running().Sum.TotalSeconds, queue.Name)),
            description: "Sum of the times that workers have been busy with their present keys.");
        meter.CreateObservableGauge(
            "workqueue_longest_running_processor_seconds",
            () => queues().Select(static queue => new Measurement<double>(queue.Running().Longest.TotalSeconds, queue.Name)),
            description: "How long the longest running worker has been busy with its present key.");
    }

    public Counter<long> Adds { get; }

    public Counter<long> Retries { get; }

    public Histogram<double> QueueDuration { get; }

    public Histogram<double> WorkDuration { get; }
}

/// <summary>The series of one queue; counters start at 0 so that rates are right from the first scrape.</summary>
internal sealed class QueueMetrics
{
    private readonly QueueInstruments _instruments;
    private readonly Func<(int Live, int Background)> _depth;

    public QueueMetrics(
        QueueInstruments instruments, string name, Func<(int Live, int Background)> depth, Func<(TimeSpan Sum, TimeSpan Longest)> running)
    {
        _instruments = instruments;
        _depth = depth;
        Running = running;
        Name = new("name", name);
        instruments.Adds.Add(0, Name);
        instruments.Retries.Add(0, Name);
    }

    public KeyValuePair<string, object?> Name { get; }

    public Func<(TimeSpan Sum, TimeSpan Longest)> Running { get; }

    public void Added() => _instruments.Adds.Add(1, Name);

    public void Retried() => _instruments.Retries.Add(1, Name);

    public void Taken(TimeSpan waited) => _instruments.QueueDuration.Record(waited.TotalSeconds, Name);

    public void Finished(TimeSpan worked) => _instruments.WorkDuration.Record(worked.TotalSeconds, Name);

    public IEnumerable<Measurement<int>> ObserveDepth()
    {
        var (live, background) = _depth();
        yield return new(live, Name, new("priority", "live"));
        yield return new(background, Name, new("priority", "background"));
    }
}

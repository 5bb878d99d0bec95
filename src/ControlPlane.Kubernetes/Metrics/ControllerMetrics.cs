using System.Diagnostics.Metrics;

namespace ControlPlane.Kubernetes.Metrics;

/// <summary>The instruments that all controllers share.</summary>
internal sealed class ControllerInstruments
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    public ControllerInstruments(Meter meter, Func<ControllerMetrics[]> controllers)
    {
        Reconciles = meter.CreateCounter<long>(
            "controller_runtime_reconcile_total", description: "Reconciles, by controller and result (success, error, requeue_after).");
        Errors = meter.CreateCounter<long>("controller_runtime_reconcile_errors_total", description: "Failed reconciles, by controller.");
        Terminal = meter.CreateCounter<long>(
            "controller_runtime_terminal_reconcile_errors_total", description: "Failures that a retry can't mend, by controller.");
        Panics = meter.CreateCounter<long>(
            "controller_runtime_reconcile_panics_total", description: "Failures that are defects of the operator, by controller.");
        Timeouts = meter.CreateCounter<long>(
            "controller_runtime_reconcile_timeouts_total", description: "Reconciles that took too long, by controller.");
        Duration = meter.CreateHistogram(
            "controller_runtime_reconcile_time_seconds", description: "How long reconciles took, by controller.", advice: Seconds);
        meter.CreateObservableGauge(
            "controller_runtime_active_workers",
            () => controllers().Select(static c => new Measurement<int>(c.ActiveWorkers, c.Name)),
            description: "Workers that are busy, by controller.");
        meter.CreateObservableGauge(
            "controller_runtime_max_concurrent_reconciles",
            () => controllers().Select(static c => new Measurement<int>(c.Workers, c.Name)),
            description: "Workers, by controller.");
    }

    public Counter<long> Reconciles { get; }

    public Counter<long> Errors { get; }

    public Counter<long> Terminal { get; }

    public Counter<long> Panics { get; }

    public Counter<long> Timeouts { get; }

    public Histogram<double> Duration { get; }
}

/// <summary>The series of one controller; counters start at 0 so that rates are right from the first scrape.</summary>
internal sealed class ControllerMetrics
{
    private readonly ControllerInstruments _instruments;
    private int _activeWorkers;

    public ControllerMetrics(ControllerInstruments instruments, string name, int workers)
    {
        _instruments = instruments;
        Name = new("controller", name);
        Workers = workers;
        foreach (var result in (string[])["success", "error", "requeue_after"])
        {
            instruments.Reconciles.Add(0, Name, new("result", result));
        }

        foreach (var counter in (Counter<long>[])[instruments.Errors, instruments.Terminal, instruments.Panics, instruments.Timeouts])
        {
            counter.Add(0, Name);
        }
    }

    public KeyValuePair<string, object?> Name { get; }

    public int Workers { get; }

    public int ActiveWorkers => Volatile.Read(ref _activeWorkers);

    public void Started() => Interlocked.Increment(ref _activeWorkers);

    public void Finished(TimeSpan took)
    {
        Interlocked.Decrement(ref _activeWorkers);
        _instruments.Duration.Record(took.TotalSeconds, Name);
    }

    public void Succeeded() => Count("success");

    public void RequeuedAfter() => Count("requeue_after");

    public void Failed()
    {
        Count("error");
        _instruments.Errors.Add(1, Name);
    }

    public void FailedTerminally()
    {
        Failed();
        _instruments.Terminal.Add(1, Name);
    }

    public void Panicked()
    {
        Failed();
        _instruments.Panics.Add(1, Name);
    }

    public void TimedOut()
    {
        Failed();
        _instruments.Timeouts.Add(1, Name);
    }

    private void Count(string result) => _instruments.Reconciles.Add(1, Name, new("result", result));
}

using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Tests.Testing;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace ControlPlane.Kubernetes.Tests.Metrics;

public sealed class QueueMetricsTests
{
    [Fact]
    public async Task How_long_a_key_waits_and_how_long_a_worker_keeps_it_is_measured()
    {
        var (metrics, clock) = (TestMetrics.Create(), new TestClock());
        using var waited = new MetricCollector<double>(metrics.Meter, "workqueue_queue_duration_seconds");
        using var worked = new MetricCollector<double>(metrics.Meter, "workqueue_work_duration_seconds");
        using var longest = new MetricCollector<double>(metrics.Meter, "workqueue_longest_running_processor_seconds");
        using var queue = new WorkQueue<string>("test", clock, metrics);
        queue.Add("a");
        clock.Advance(TimeSpan.FromSeconds(2));
        await queue.TakeAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(3));
        longest.RecordObservableInstruments();
        queue.Done("a");

        Assert.Equal([2], waited.GetMeasurementSnapshot().Select(measured => measured.Value));
        Assert.Equal([3], worked.GetMeasurementSnapshot().Select(measured => measured.Value));
        Assert.Equal([3], longest.GetMeasurementSnapshot().Select(measured => measured.Value));
    }

    [Fact]
    public void What_waits_is_shown_by_priority_and_what_came_is_counted()
    {
        var metrics = TestMetrics.Create();
        using var series = new SeriesLog(metrics);
        using var queue = new WorkQueue<string>("test", new TestClock(), metrics);
        Assert.Equal((0, 0), (series["workqueue_adds_total{name=test}"], series["workqueue_retries_total{name=test}"]));
        queue.Add("a");
        queue.Add("a");
        queue.Add("b", WorkPriority.Background);
        queue.AddRateLimited("c");

        Assert.Equal((1, 1), (series["workqueue_depth{name=test,priority=live}"], series["workqueue_depth{name=test,priority=background}"]));
        Assert.Equal((2, 1), (series["workqueue_adds_total{name=test}"], series["workqueue_retries_total{name=test}"]));
    }
}

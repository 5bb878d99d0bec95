using System.Threading.Channels;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Controllers;

/// <summary>A controller at work; the test says what each reconcile does, and reads how they ended one by one.</summary>
internal sealed class RunningController : IReconciler, IReconcileObserver, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ReconcileRecord> _records = Channel.CreateUnbounded<ReconcileRecord>();
    private readonly Func<ReconcileRequest, CancellationToken, ValueTask<ReconcileResult>> _reconcile;
    private readonly Controller _controller;

    public RunningController(
        Func<ReconcileRequest, CancellationToken, ValueTask<ReconcileResult>> reconcile,
        int workers = 1,
        IReadOnlyList<IInformer>? informers = null,
        IReadOnlyList<ObjectKey>? primaryKeys = null,
        params IReadOnlyList<IReconcileObserver> observers)
    {
        _reconcile = reconcile;
        Metrics = TestMetrics.Create();
        Series = new SeriesLog(Metrics);
        var settings = new ControllerSettings(
            "test", "Widget", workers, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), informers ?? [], () => primaryKeys ?? []);
        _controller = new(this, settings, Metrics, [this, .. observers], Clock, NullLogger<Controller>.Instance);
        Ended = _controller.RunAsync(_stop.Token);
    }

    public TestClock Clock { get; } = new();

    public RuntimeMetrics Metrics { get; }

    public SeriesLog Series { get; }

    public Task Ended { get; }

    public WorkQueue<ObjectKey> Queue => _controller.Queue;

    /// <summary>Reconciles whose end nobody has read.</summary>
    public int Unread => _records.Reader.Count;

    /// <summary>A reconciler that does the same every time.</summary>
    public static RunningController That(Func<ReconcileResult> does, params IReadOnlyList<IReconcileObserver> observers) =>
        new((_, _) => ValueTask.FromResult(does()), observers: observers);

    /// <summary>Never ends by itself.</summary>
    public static async ValueTask<ReconcileResult> HangAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return ReconcileResult.Done;
    }

    public ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken) =>
        _reconcile(request, cancellationToken);

    public void Completed(ReconcileRecord record) => _records.Writer.TryWrite(record);

    /// <summary>The next reconcile that ends.</summary>
    public async Task<ReconcileRecord> NextAsync() =>
        await Patience.For(_records.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "no reconcile ended");

    /// <summary>Asks for a reconcile and waits for its end.</summary>
    public async Task<ReconcileRecord> NextAsync(string name, string? cause = null)
    {
        Queue.Add(Widget.Key(name), WorkPriority.Live, cause);
        return await NextAsync();
    }

    /// <summary>Lets the pause pass after which a key comes again.</summary>
    /// <returns>How long it was.</returns>
    public Task<TimeSpan> PauseAsync() => Clock.FireAsync(TimeSpan.Zero, TimeSpan.FromMinutes(10));

    /// <summary>True when nothing will happen by itself before the next resync.</summary>
    public bool IsAtRest => Queue.Count == 0 && Clock.Waiting.All(left => left > TimeSpan.FromMinutes(10));

    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await Patience.For(Task.WhenAny(Ended), "the controller does not end");
        Series.Dispose();
        _stop.Dispose();
    }
}

using System.Diagnostics;
using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Controllers;

/// <summary>
/// Takes keys from a queue and reconciles them with a number of workers, to controller-runtime's contract. Made by
/// <see cref="ControllerBuilder"/>, which says where keys come from.
/// </summary>
public sealed partial class Controller
{
    private readonly IReconciler _reconciler;
    private readonly ControllerSettings _settings;
    private readonly RuntimeMetrics _runtime;
    private readonly ControllerMetrics _metrics;
    private readonly IReadOnlyList<IReconcileObserver> _observers;
    private readonly TimeProvider _time;
    private readonly ILogger<Controller> _logger;

    internal Controller(
        IReconciler reconciler,
        ControllerSettings settings,
        RuntimeMetrics metrics,
        IReadOnlyList<IReconcileObserver> observers,
        TimeProvider time,
        ILogger<Controller> logger)
    {
        _reconciler = reconciler;
        _settings = settings;
        _runtime = metrics;
        _metrics = metrics.AddController(settings.Name, settings.Workers);
        _observers = observers;
        _time = time;
        _logger = logger;
        Queue = new WorkQueue<ObjectKey>(settings.Name, time, metrics);
    }

    /// <summary>Name in metrics, logs and records.</summary>
    public string Name => _settings.Name;

    /// <summary>The keys that wait.</summary>
    public WorkQueue<ObjectKey> Queue { get; }

    /// <summary>
    /// Waits until every cache that it reads is filled, then works until cancelled. Runs once: keys that wait when it ends are dropped, because
    /// whoever works next starts from the whole state.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_settings.Informers.Select(informer => informer.Synced)).WaitAsync(cancellationToken);
            LogStarted(Name, _settings.Workers);
            await Together.RunAsync([ResyncAsync, .. Enumerable.Repeat<Func<CancellationToken, Task>>(WorkAsync, _settings.Workers)], cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogStopped(Name, Queue.Count);
        }
        finally
        {
            Queue.Dispose();
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await ProcessNextWorkItemAsync(cancellationToken);
        }
    }

    private async Task ProcessNextWorkItemAsync(CancellationToken cancellationToken)
    {
        var item = await Queue.TakeAsync(cancellationToken);
        _metrics.Started();
        var started = _time.GetTimestamp();
        try
        {
            await ReconcileHandlerAsync(item, started, cancellationToken);
        }
        finally
        {
            _metrics.Finished(_time.GetElapsedTime(started));
            Queue.Done(item.Key);
        }
    }

    /// <summary>Every outcome, with what follows from it and its metric beside it.</summary>
    private async Task ReconcileHandlerAsync(WorkItem<ObjectKey> item, long started, CancellationToken cancellationToken)
    {
        var (key, priority, cause) = item;
        var at = _time.GetUtcNow();
        var attempt = await AttemptAsync(key, cause, cancellationToken);
        switch (attempt.Outcome)
        {
            case null:
                return; // cancelled: we are stopping, or no longer the leader; whoever comes next starts from the whole state

            case ReconcileOutcome.Succeeded:
                Queue.Forget(key);
                _metrics.Succeeded();
                break;

            case ReconcileOutcome.RequeuedAfter:
                Queue.Forget(key);
                Queue.AddAfter(key, attempt.Delay, priority);
                _metrics.RequeuedAfter();
                break;

            case ReconcileOutcome.Terminal:
                Queue.Forget(key);
                LogTerminal(Name, key, attempt.Problem!);
                _metrics.FailedTerminally();
                break;

            case ReconcileOutcome.Failed:
                Queue.AddRateLimited(key, attempt.Delay, priority, cause);
                LogFailed(Name, key, Queue.Failures(key), attempt.Problem!);
                _metrics.Failed();
                break;

            case ReconcileOutcome.TimedOut:
                Queue.AddRateLimited(key, attempt.Delay, priority, cause);
                LogFailed(Name, key, Queue.Failures(key), attempt.Problem!);
                _metrics.TimedOut();
                break;

            case ReconcileOutcome.Panicked:
                Queue.AddRateLimited(key, attempt.Delay, priority, cause);
                LogPanicked(attempt.Defect!, Name, key);
                _metrics.Panicked();
                break;
        }

        var record = new ReconcileRecord(Name, _settings.Kind, key, cause, at, _time.GetElapsedTime(started), attempt.Outcome.Value, attempt.Problem);
        foreach (var observer in _observers)
        {
            observer.Completed(record);
        }
    }

    private async Task<Attempt> AttemptAsync(ObjectKey key, string? cause, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_settings.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var span = _runtime.Activities.StartActivity($"reconcile {Name}");
        span?.SetTag("k8s.namespace.name", key.Namespace).SetTag("k8s.object.name", key.Name).SetTag("reconcile.reason", cause);
        using var scope = Scope(_logger, Name, key);
        try
        {
            var result = await _reconciler.ReconcileAsync(new ReconcileRequest(key, cause), either.Token);
            if (result.FailureReason is not null)
            {
                either.Token.ThrowIfCancellationRequested(); // it failed because it was cut off
            }

            return result switch
            {
                { TerminalReason: { } reason } => new(ReconcileOutcome.Terminal, Problem: reason),
                { FailureReason: { } reason } => new(ReconcileOutcome.Failed, result.NotBefore, reason),
                { RequeueAfter: { } delay } => new(ReconcileOutcome.RequeuedAfter, delay),
                _ => new(ReconcileOutcome.Succeeded),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return default;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(ReconcileOutcome.TimedOut, Problem: $"took longer than {_settings.Timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException or TimeoutException or JsonException or OperationCanceledException)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            return new(ReconcileOutcome.Failed, (e as KubeApiException)?.RetryAfter ?? default, e.Message);
        }
#pragma warning disable CA1031 // a defect in one reconcile must not stop the others: it is counted, logged with its stack, and tried again
        catch (Exception e)
#pragma warning restore CA1031
        {
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            return new(ReconcileOutcome.Panicked, Problem: $"internal error ({e.GetType().Name})", Defect: e);
        }
    }

    /// <summary>Looks at everything again now and then, in case an event was lost to a defect. Costs no writes when nothing changed.</summary>
    private async Task ResyncAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var jitter = 0.9 + (Random.Shared.NextDouble() / 5);
            await Task.Delay(_settings.ResyncPeriod * jitter, _time, cancellationToken);
            foreach (var key in _settings.PrimaryKeys())
            {
                Queue.Add(key, WorkPriority.Background, "resync");
            }
        }
    }

    private static readonly Func<ILogger, string, ObjectKey, IDisposable?> Scope = LoggerMessage.DefineScope<string, ObjectKey>("{Controller} {Object}");

    /// <summary>How an attempt ended; no outcome means that it was cancelled.</summary>
    private readonly record struct Attempt(ReconcileOutcome? Outcome, TimeSpan Delay = default, string? Problem = null, Exception? Defect = null);

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {Controller} works with {Workers} workers")]
    private partial void LogStarted(string controller, int workers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {Controller} stopped; {Waiting} keys were waiting")]
    private partial void LogStopped(string controller, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Controller} could not reconcile {Key} (failure {Failures} in a row) and tries again. {Problem}")]
    private partial void LogFailed(string controller, ObjectKey key, int failures, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Controller} can't do what {Key} declares and waits for a change. {Problem}")]
    private partial void LogTerminal(string controller, ObjectKey key, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller} has a defect that shows on {Key}; it tries again")]
    private partial void LogPanicked(Exception exception, string controller, ObjectKey key);
}

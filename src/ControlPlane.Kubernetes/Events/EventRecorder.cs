using System.Net;
using System.Threading.Channels;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Events;

/// <summary>
/// Writes events.k8s.io/v1 events in the background, to client-go's contract. The same event about the same object becomes one object with a
/// count (a series) instead of many, an object that has ever new ones is held to an <see cref="EventBudget"/>, and no caller ever waits or fails
/// because of an event. Unlike client-go, events with different notes are different events: the note says which field drifted.
/// </summary>
/// <remarks>Register it before what records events: services stop in the opposite order, and what was recorded is still written then.</remarks>
public sealed partial class EventRecorder(KubeApi api, string controller, string instance, TimeProvider time, ILogger<EventRecorder> logger) : BackgroundService
{
    /// <summary>client-go's period of a series: an event that does not return for so long is over, and a count is stored at least so often.</summary>
    private static readonly TimeSpan SeriesPeriod = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);

    /// <summary>How long stopping may take, for what was recorded and is not yet written.</summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

    private const int MostTries = 12;
    private const int MostQueued = 1000;
    private const int MostRemembered = 4096;

    private readonly WriteOptions _write = new() { FieldManager = controller };
    private readonly Dictionary<EventNote, EventSeries> _series = [];
    private readonly EventBudget _budget = new();

    /// <summary>Notes, and null when it is time to look after the series.</summary>
    private readonly Channel<(EventNote Note, DateTimeOffset At)?> _inbox =
        Channel.CreateBounded<(EventNote, DateTimeOffset)?>(new BoundedChannelOptions(MostQueued) { SingleReader = true });

    private long _lastStamp;
    private int _dropped;

    /// <summary>Takes an event in. When events come faster than the API takes them, the newest are dropped; the log says how many.</summary>
    public void Record(EventNote note)
    {
        if (!_inbox.Writer.TryWrite((note, time.GetUtcNow())))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _inbox.Writer.TryComplete();
        await Task.WhenAny(ExecuteTask ?? Task.CompletedTask, Task.Delay(FlushTime, time, cancellationToken));
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is { IsCompleted: true } && CountUnsent() is > 0 and var unsent)
        {
            LogUnsent(unsent);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var sweeps = time.CreateTimer(_ => _inbox.Writer.TryWrite(null), null, SweepPeriod, SweepPeriod);
        await foreach (var entry in _inbox.Reader.ReadAllAsync(stoppingToken))
        {
            if (entry is var (note, at))
            {
                await TakeInAsync(note, at, stoppingToken);
            }
            else
            {
                await SweepAsync(unwrittenFor: SeriesPeriod, stoppingToken);
            }

            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                LogDropped(dropped);
            }
        }

        await SweepAsync(unwrittenFor: TimeSpan.Zero, stoppingToken);
    }

    private async Task TakeInAsync(EventNote note, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (_series.TryGetValue(note, out var series) && at - series.LastSeen < SeriesPeriod)
        {
            series.Repeat(at);
            if (series.Count == 2)
            {
                await StoreAsync(series, cancellationToken); // that it is a series is worth knowing at once; how long, later
            }

            return;
        }

        if (!_budget.TrySpend(note.Regarding, at))
        {
            LogHeldBack(note.Reason, note.Regarding.Key);
            return;
        }

        series = new EventSeries(note, NextStamp(at), at);
        if (_series.Count < MostRemembered)
        {
            _series[note] = series;
        }

        await StoreAsync(series, cancellationToken);
    }

    /// <summary>Stores counts that have grown, and forgets series that are over.</summary>
    private async Task SweepAsync(TimeSpan unwrittenFor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        _budget.Forget(now);
        foreach (var (note, series) in _series.ToList())
        {
            if (series.Count > series.Written && now - series.LastWritten >= unwrittenFor)
            {
                await StoreAsync(series, cancellationToken);
            }

            if (now - series.LastSeen >= SeriesPeriod)
            {
                _series.Remove(note);
            }
        }
    }

    /// <summary>Events that nobody will send any more: those that were not looked at, and those whose last word the API has not taken.</summary>
    private int CountUnsent()
    {
        var unsent = _series.Values.Count(series => series.Count > series.Written) + Interlocked.Exchange(ref _dropped, 0);
        while (_inbox.Reader.TryRead(out var entry))
        {
            unsent += entry is null ? 0 : 1;
        }

        return unsent;
    }

    /// <summary>Creates the event, or stores its count. Tries again when the API can't be reached; gives up when it refuses.</summary>
    private async Task StoreAsync(EventSeries series, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), quiet: TimeSpan.FromMinutes(2), time);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await WriteAsync(series, cancellationToken);
                return;
            }
            catch (Exception e) when (tries < MostTries && IsPassing(e))
            {
                await Task.Delay(backoff.Next(), time, cancellationToken);
            }
            catch (Exception e) when (e is KubeApiException || IsPassing(e))
            {
                LogNotWritten(series.Note.Reason, series.Note.Regarding.Key, e.Message);
                return;
            }
        }
    }

    private async Task WriteAsync(EventSeries series, CancellationToken cancellationToken)
    {
        try
        {
            if (series.Written == 0)
            {
                await api.CreateAsync(KnownResources.Events, series.Key.Namespace, series.ToCreate(controller, instance), _write, cancellationToken);
            }
            else
            {
                await api.MergePatchAsync(KnownResources.Events, series.Key, series.ToCount(), _write, cancellationToken);
            }
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // An earlier try got through and only its answer was lost.
        }
        catch (KubeApiException e) when (e.IsNotFound && series.Written > 0)
        {
            // Events live for an hour; this series lives longer.
            series = _series[series.Note] = series.Renewed(NextStamp(time.GetUtcNow()));
            await api.CreateAsync(KnownResources.Events, series.Key.Namespace, series.ToCreate(controller, instance), _write, cancellationToken);
        }

        series.Wrote(time.GetUtcNow());
    }

    /// <summary>Unique, and in the order of time even where the clock has not moved.</summary>
    private long NextStamp(DateTimeOffset at) => _lastStamp = Math.Max(_lastStamp + 1, at.UtcTicks);

    private static bool IsPassing(Exception e) => e
        is HttpRequestException or IOException or TimeoutException
        or KubeApiException { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Reason} about {Key} could not be written. {Problem}")]
    private partial void LogNotWritten(string reason, ObjectKey key, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Event {Reason} about {Key} is held back: it has had too many different ones")]
    private partial void LogHeldBack(string reason, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events were lost: the API did not take them before the process had to end")]
    private partial void LogUnsent(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events were dropped: they came faster than the API takes them")]
    private partial void LogDropped(int count);
}

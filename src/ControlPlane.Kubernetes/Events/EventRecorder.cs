using System.Text.Json;
using System.Threading.Channels;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Events;

/// <summary>How serious an event is.</summary>
public enum EventSeverity
{
    /// <summary>As it should be.</summary>
    Normal,

    /// <summary>Somebody should look.</summary>
    Warning,
}

/// <summary>An event about an object, for <c>kubectl describe</c> and the console.</summary>
/// <param name="Regarding">The object.</param>
/// <param name="Severity">How serious.</param>
/// <param name="Reason">One CamelCase word, at most 128 characters.</param>
/// <param name="Action">What was done about it: one CamelCase word.</param>
/// <param name="Note">One sentence, cut at 1024 characters.</param>
public sealed record EventNote(EventSubject Regarding, EventSeverity Severity, string Reason, string Action, string Note);

/// <summary>Whom an event is about.</summary>
public sealed record EventSubject(ResourceType Type, ObjectKey Key, string? Uid);

/// <summary>
/// Writes events.k8s.io/v1 events in the background. The same event about the same object becomes one object with a count (a series) instead
/// of many, and no caller ever waits or fails because of an event.
/// </summary>
public sealed partial class EventRecorder(KubeApi api, string controller, string instance, TimeProvider time, ILogger<EventRecorder> logger) : BackgroundService
{
    /// <summary>client-go's period of a series: within it, repetitions are counted, not written anew.</summary>
    private static readonly TimeSpan SeriesPeriod = TimeSpan.FromMinutes(6);

    private const int MostRemembered = 4096;

    private static readonly ResourceType Events = new("events.k8s.io", "v1", "events", "Event");

    private readonly WriteOptions _write = new() { FieldManager = controller };
    private readonly Dictionary<Identity, Series> _series = [];
    private readonly Channel<(EventNote Note, DateTimeOffset At)> _notes = Channel.CreateBounded<(EventNote, DateTimeOffset)>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Takes an event in. When events come faster than the API takes them, the newest are dropped.</summary>
    public void Record(EventNote note) => _notes.Writer.TryWrite((note, time.GetUtcNow()));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (note, at) in _notes.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await WriteAsync(note, at, stoppingToken);
            }
            catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException or TimeoutException)
            {
                LogNotWritten(note.Reason, note.Regarding.Key, e.Message);
            }
        }
    }

    private async Task WriteAsync(EventNote note, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var identity = new Identity(note.Regarding.Uid ?? note.Regarding.Key.ToString(), note.Severity, note.Reason, note.Action, note.Note);
        if (_series.TryGetValue(identity, out var series) && at - series.LastSeen < SeriesPeriod)
        {
            series.Count++;
            series.LastSeen = at;
            if (series.Count == 2 || at - series.LastWritten >= SeriesPeriod)
            {
                series.LastWritten = at;
                await CountAsync(series, cancellationToken);
            }

            return;
        }

        ForgetOld(at);
        var key = new ObjectKey(note.Regarding.Key.Namespace is { Length: > 0 } ns ? ns : "default", Name(note, at));
        await api.CreateAsync(Events, key.Namespace, Body(note, key, at), _write, cancellationToken);
        _series[identity] = new Series(key, at);
    }

    private async Task CountAsync(Series series, CancellationToken cancellationToken)
    {
        var patch = new { series = new { count = series.Count, lastObservedTime = MicroTime.Format(series.LastSeen) } };
        await api.MergePatchAsync(Events, series.Key, JsonSerializer.SerializeToUtf8Bytes(patch, KubeJson.Options), _write, cancellationToken);
    }

    private byte[] Body(EventNote note, ObjectKey key, DateTimeOffset at) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            apiVersion = Events.ApiVersion,
            kind = Events.Kind,
            metadata = new { name = key.Name, @namespace = key.Namespace },
            eventTime = MicroTime.Format(at),
            reportingController = controller,
            reportingInstance = instance,
            action = note.Action,
            reason = note.Reason,
            type = note.Severity.ToString(),
            note = note.Note.Length <= 1024 ? note.Note : note.Note[..1023] + "…",
            regarding = new
            {
                apiVersion = note.Regarding.Type.ApiVersion,
                kind = note.Regarding.Type.Kind,
                name = note.Regarding.Key.Name,
                @namespace = note.Regarding.Key.Namespace,
                uid = note.Regarding.Uid,
            },
        },
        KubeJson.Options);

    private void ForgetOld(DateTimeOffset now)
    {
        if (_series.Count < MostRemembered)
        {
            return;
        }

        foreach (var (identity, _) in _series.Where(entry => now - entry.Value.LastSeen >= SeriesPeriod).ToList())
        {
            _series.Remove(identity);
        }
    }

    private static string Name(EventNote note, DateTimeOffset at) => $"{note.Regarding.Key.Name}.{at.UtcTicks:x}";

    private sealed record Identity(string Subject, EventSeverity Severity, string Reason, string Action, string Note);

    private sealed class Series(ObjectKey key, DateTimeOffset first)
    {
        public ObjectKey Key { get; } = key;

        public int Count { get; set; } = 1;

        public DateTimeOffset LastSeen { get; set; } = first;

        public DateTimeOffset LastWritten { get; set; } = first;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Reason} about {Key} could not be written. {Problem}")]
    private partial void LogNotWritten(string reason, ObjectKey key, string problem);
}

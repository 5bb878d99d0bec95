using System.Text.Json.Nodes;
using Compliance.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Audit.Recording;

/// <summary>
/// Takes events of things that have happened already, and so can't wait for the log: what reconcilers wrote, and outcomes that the log did not
/// take. Never blocks who adds. While the log is away it keeps up to <see cref="Capacity"/> events in memory; what does not fit is counted, leaves
/// a gap in its source's sequence, and is owned up to by an entry <c>audit.gap</c> as soon as the log is back.
/// </summary>
public sealed partial class AuditOutbox : BackgroundService
{
    /// <summary>Events kept while the log is away: some 40 MB at most, minutes of a fleet that rolls out everywhere.</summary>
    public const int Capacity = 10_000;

    private const int BatchSize = 500;

    /// <summary>Between two attempts while the log is away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What a process that stops gives the log to take the rest.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<AuditEvent> _waiting = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly IAuditLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditOutbox> _logger;
    private long _lost;

    /// <param name="log">Where it all goes.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Says when events are lost.</param>
    public AuditOutbox(IAuditLog log, TimeProvider time, ILogger<AuditOutbox> logger) => (_log, _time, _logger) = (log, time, logger);

    /// <summary>Events that wait for the log.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Takes events. Returns at once, and never throws.</summary>
    public void Add(IReadOnlyList<AuditEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        lock (_gate)
        {
            foreach (var item in events)
            {
                if (_waiting.Count < Capacity)
                {
                    _waiting.Enqueue(item);
                }
                else
                {
                    _lost++;
                }
            }

            if (_news.CurrentCount == 0)
            {
                _news.Release();
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(Farewell, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (await SendAsync(either.Token))
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or AuditUnavailableException)
        {
            LogLeft(Waiting);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _news.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _news.WaitAsync(stoppingToken);
            try
            {
                while (await SendAsync(stoppingToken))
                {
                }
            }
            catch (AuditUnavailableException e)
            {
                LogAway(e, Waiting);
                await Task.Delay(Pause, _time, stoppingToken);
                Add([]);
            }
        }
    }

    /// <summary>Sends what waits, oldest first; false when nothing did.</summary>
    private async Task<bool> SendAsync(CancellationToken cancellationToken)
    {
        var (batch, lost) = Peek();
        if (batch.Count == 0 && lost == 0)
        {
            return false;
        }

        await AppendAsync(lost == 0 ? batch : [.. batch, Gap(lost)], cancellationToken);
        lock (_gate)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                _waiting.Dequeue();
            }

            _lost -= lost;
        }

        return true;
    }

    /// <summary>An event that the log can't record must not keep back all the others.</summary>
    private async Task AppendAsync(List<AuditEvent> batch, CancellationToken cancellationToken)
    {
        while (batch.Count > 0)
        {
            try
            {
                await _log.AppendAsync(batch, cancellationToken);
                return;
            }
            catch (AuditEventException e)
            {
                LogUnrecordable(e.Field, batch[e.Position].Action);
                batch.RemoveAt(e.Position);
            }
        }
    }

    private (List<AuditEvent> Batch, long Lost) Peek()
    {
        lock (_gate)
        {
            List<AuditEvent> batch = [.. _waiting.Take(BatchSize)];
            return (batch, batch.Count == _waiting.Count ? _lost : 0); // what was lost came after all that waits
        }
    }

    private AuditEvent Gap(long lost)
    {
        LogLost(lost);
        var now = _time.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            Source = Commands.CommandRecord.Source,
            OccurredAt = now,
            Actor = new(AuditActorKind.System, "dabbawala", "operator"),
            Action = "audit.gap",
            Outcome = AuditOutcome.Failed,
            Details = new JsonObject { ["lost"] = lost, ["why"] = "the log was away for longer than events can be kept in memory" },
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log takes nothing; {Count} events of what has happened wait for it")]
    private partial void LogAway(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} events are not in the audit log, as it was away for too long; it says so itself")]
    private partial void LogLost(long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log can't record an event {Action}: {Field}")]
    private partial void LogUnrecordable(string field, string action);

    [LoggerMessage(Level = LogLevel.Error, Message = "The process ends while {Count} events wait for the audit log")]
    private partial void LogLeft(int count);
}

using Compliance.Audit.Sequencing;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Audit;

/// <summary>Alarms of the log: written to the program's own log, and kept for pages, the newest ones.</summary>
public sealed partial class AuditAlarms(TimeProvider time, ILogger<AuditAlarms> logger) : IAuditAlarm
{
    private const int MostKept = 100;

    private readonly Lock _lock = new();
    private readonly Queue<RaisedAlarm> _recent = new();

    /// <summary>The newest alarms since the program started, oldest first; at most 100.</summary>
    public IReadOnlyList<RaisedAlarm> Recent
    {
        get
        {
            lock (_lock)
            {
                return [.. _recent];
            }
        }
    }

    /// <inheritdoc/>
    public void Raise(AuditAlarmKind kind, string message)
    {
        lock (_lock)
        {
            _recent.Enqueue(new RaisedAlarm(time.GetUtcNow(), kind, message));
            if (_recent.Count > MostKept)
            {
                _recent.Dequeue();
            }
        }

        LogAlarm(kind, message);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Audit log: {Kind}: {Problem}")]
    private partial void LogAlarm(AuditAlarmKind kind, string problem);
}

/// <summary>An alarm that was raised.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What sort.</param>
/// <param name="Message">What, for people.</param>
public sealed record RaisedAlarm(DateTimeOffset At, AuditAlarmKind Kind, string Message);

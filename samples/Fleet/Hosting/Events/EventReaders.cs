using System.Diagnostics;

namespace Fleet.Hosting.Events;

/// <summary>
/// Gives a service the events that it subscribed to, one after the other for each topic. An event that can't be handled is tried
/// <see cref="Tries"/> times and then given up, with a line of log and a count: one bad event must not keep back the others.
/// </summary>
internal sealed partial class EventReaders(
    IEnumerable<IEventHandler> handlers,
    FleetService service,
    FleetInstance instance,
    CurrentRequest current,
    EventMetrics metrics,
    TimeProvider time,
    ILogger<EventReaders> logger) : BackgroundService
{
    public const int Tries = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(handlers.Select(h => ReadAsync(h, stoppingToken)));

    private async Task ReadAsync(IEventHandler handler, CancellationToken stoppingToken)
    {
        var topic = instance.Stores.Broker(instance.Namespace, time).Topic(handler.Topic);
        try
        {
            await foreach (var happened in topic.ReadAsync(service.Name, missed => Missed(handler.Topic, missed), stoppingToken))
            {
                if (handler.Types.Contains(happened.Type))
                {
                    await HandleAsync(handler, happened, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The instance stops; another one reads on.
        }
    }

    private async Task HandleAsync(IEventHandler handler, FleetEvent happened, CancellationToken stoppingToken)
    {
        current.Id = happened.RequestId;
        using var activity = new Activity($"event.{happened.Type}");
        if (happened.TraceParent is { } parent)
        {
            activity.SetParentId(parent);
        }

        activity.Start();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await handler.HandleAsync(happened, stoppingToken);
                metrics.Read(happened, isDone: true);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && attempt < Tries)
            {
                LogFailed(logger, happened.Topic, happened.Type, happened.Key, attempt, e);
                await Task.Delay(FirstPause * Math.Pow(4, attempt - 1), time, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                metrics.Read(happened, isDone: false);
                LogGivenUp(logger, happened.Topic, happened.Type, happened.Key, e);
                return;
            }
        }
    }

    private void Missed(string topic, long events)
    {
        metrics.Missed(topic, events);
        LogMissed(logger, topic, events);
    }

    [LoggerMessage(EventName = "event-failed", Level = LogLevel.Warning, Message = "{Type} of {Key} could not be handled, and is tried again")]
    private static partial void LogFailed(ILogger logger, string topic, string type, string key, int attempt, Exception exception);

    [LoggerMessage(EventName = "event-given-up", Level = LogLevel.Error, Message = "{Type} of {Key} was given up")]
    private static partial void LogGivenUp(ILogger logger, string topic, string type, string key, Exception exception);

    [LoggerMessage(EventName = "events-missed", Level = LogLevel.Error, Message = "{Events} events of {Topic} were gone before they were read")]
    private static partial void LogMissed(ILogger logger, string topic, long events);
}

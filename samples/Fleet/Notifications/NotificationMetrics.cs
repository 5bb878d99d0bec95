using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fleet.Notifications;

/// <summary>Business counters of the notification service.</summary>
internal sealed class NotificationMetrics
{
    private readonly Counter<long> _done;

    public NotificationMetrics(IMeterFactory meters, Outbox outbox)
    {
        var meter = meters.Create("Fleet.Notifications");
        _done = meter.CreateCounter<long>("notifications_total", description: "Messages, by what became of them.");
        meter.CreateObservableGauge("notification_queue_length", () => (long)outbox.Waiting, description: "Messages that wait.");
    }

    public void Done(Channel channel, NotificationStatus status) => _done.Add(1, new TagList
    {
        { "channel", channel.ToString().ToLowerInvariant() },
        { "status", status.ToString().ToLowerInvariant() },
    });
}

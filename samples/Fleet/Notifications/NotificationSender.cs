using System.Diagnostics;
using Fleet.Hosting;
using Fleet.Hosting.Calls;
using Fleet.Hosting.Problems;
using Fleet.PersonalData;

namespace Fleet.Notifications;

/// <summary>
/// Sends what the outbox holds, one message after the other. There is no provider behind it: a sent message is a log line.
/// </summary>
internal sealed partial class NotificationSender(
    Outbox outbox, DependencyCalls calls, CurrentRequest current, NotificationMetrics metrics, ILogger<NotificationSender> logger)
    : BackgroundService
{
    public static readonly Dependency Users = new("user", Timeout: TimeSpan.FromSeconds(2));

    // A stop closes the outbox instead of cancelling, so that what waits still goes out.
    private readonly CancellationTokenSource _abandon = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        outbox.Close();
        await using var registration = cancellationToken.Register(_abandon.Cancel);
        await (ExecuteTask ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _abandon.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var queued in outbox.ReadAllAsync(_abandon.Token))
        {
            current.Id = queued.RequestId;
            using var activity = new Activity("notification.send");
            if (queued.TraceParent is { } parent)
            {
                activity.SetParentId(parent);
            }

            activity.Start();
            if (outbox.TryGet(queued.Id, out var notification))
            {
                await SendAsync(notification, _abandon.Token);
            }
        }
    }

    private async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        var recipient = await RecipientAsync(notification, cancellationToken);
        var status = recipient is null ? NotificationStatus.Failed : NotificationStatus.Sent;
        outbox.Update(notification with { Status = status, Recipient = recipient });
        metrics.Done(notification.Channel, status);
        LogDone(logger, notification.Id, notification.Channel, status, recipient);
    }

    /// <summary>To whom the message goes, masked; null when that can't be found out.</summary>
    private async Task<string?> RecipientAsync(Notification notification, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await calls.GetAsync<Contact>(Users, $"/users/{notification.UserId}/contact", cancellationToken, user: notification.UserId);
            return reply.Value is not { } contact ? null
                : notification.Channel == Channel.Sms ? Mobile.Parse(contact.Mobile).ToString()
                : new Email(contact.Email).ToString();
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    [LoggerMessage(EventName = "notification-done", Level = LogLevel.Information, Message = "{NotificationId} by {Channel} is {Status}")]
    private static partial void LogDone(ILogger logger, string notificationId, Channel channel, NotificationStatus status, string? recipient);
}

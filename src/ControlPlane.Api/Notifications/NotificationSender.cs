using ControlPlane.Api.Hosting;
using ControlPlane.Api.Notifications.Channels;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Notifications;

/// <summary>Sends what is due. Whatever goes wrong with one delivery is its own: it is tried again later, and the others go on.</summary>
internal sealed partial class NotificationSender(
    NotificationOutbox outbox, ControlPlaneOptions options, IEnumerable<INotificationChannel> channels, NotificationMetrics metrics, ILogger<NotificationSender> logger)
{
    private const int AtOnce = 20;

    private readonly Dictionary<NotificationChannelType, INotificationChannel> _channels = channels.ToDictionary(static channel => channel.Type);

    /// <summary>Sends what is due to a target now.</summary>
    /// <returns>How many deliveries were tried.</returns>
    public async Task<int> SendDueAsync(NotificationTarget target, CancellationToken cancellationToken)
    {
        var taken = await outbox.TakeAsync(target, AtOnce, cancellationToken);
        foreach (var delivery in taken)
        {
            var problem = await TryAsync(target, delivery, cancellationToken);
            var state = await outbox.CloseAsync(delivery, problem, cancellationToken);
            metrics.Count(target.Name, state);
            Tell(target, delivery, problem, state);
        }

        return taken.Count;
    }

    /// <returns>What went wrong; null when the target has it.</returns>
    private async Task<string?> TryAsync(NotificationTarget target, NotificationDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await _channels[target.Type].SendAsync(target, delivery, LinkTo(delivery.Notification), cancellationToken);
            return null;
        }
        catch (DeliveryException e)
        {
            return e.Message;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogDefect(e, target.Name);
            return $"a defect ({e.GetType().Name})";
        }
    }

    private Uri? LinkTo(Notification notification) => options.Access.PublicUrl is { } console
        ? new Uri($"{console.ToString().TrimEnd('/')}/rollouts/{Uri.EscapeDataString(notification.Namespace)}/{Uri.EscapeDataString(notification.Rollout)}")
        : null;

    private void Tell(NotificationTarget target, NotificationDelivery delivery, string? problem, DeliveryState state)
    {
        var notification = delivery.Notification;
        switch (state)
        {
            case DeliveryState.Sent:
                LogSent(notification.Event, notification.Namespace, notification.Rollout, target.Name);
                break;
            case DeliveryState.Due:
                LogLater(notification.Event, notification.Namespace, notification.Rollout, target.Name, problem!, NotificationOutbox.PauseAfter(delivery.Attempts + 1));
                break;
            default:
                LogGivenUp(notification.Event, notification.Namespace, notification.Rollout, target.Name, delivery.Attempts + 1, problem!);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Notification {Event} of rollout {Namespace}/{Rollout} was sent to {Target}")]
    private partial void LogSent(NotificationEvent @event, string @namespace, string rollout, string target);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {Event} of rollout {Namespace}/{Rollout} can't be sent to {Target}: {Problem}. It is tried again in {Pause}")]
    private partial void LogLater(NotificationEvent @event, string @namespace, string rollout, string target, string problem, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notification {Event} of rollout {Namespace}/{Rollout} to {Target} is given up after {Attempts} attempts: {Problem}")]
    private partial void LogGivenUp(NotificationEvent @event, string @namespace, string rollout, string target, int attempts, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending to {Target} failed by a defect")]
    private partial void LogDefect(Exception exception, string target);
}

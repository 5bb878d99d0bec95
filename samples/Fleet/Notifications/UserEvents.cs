using Fleet.Hosting.Events;

namespace Fleet.Notifications;

/// <summary>Welcomes new customers.</summary>
internal sealed class UserEvents(Outbox outbox) : IEventHandler
{
    public string Topic => "user-events";

    public IReadOnlyCollection<string> Types { get; } = ["USER_REGISTERED"];

    public Task HandleAsync(FleetEvent happened, CancellationToken cancellationToken)
    {
        // The same event again is the same message again, which the outbox has.
        var id = $"n-welcome-{happened.Key}";
        var text = Template.Of(TemplateName.Welcome).Render(new Dictionary<string, string>());
        return outbox.TryGet(id, out _)
            || outbox.TryEnqueue(new Notification(id, happened.Key, Channel.Sms, NotificationStatus.Queued, text, Recipient: null))
            ? Task.CompletedTask
            : throw new InvalidOperationException("The outbox is full."); // tried again
    }
}

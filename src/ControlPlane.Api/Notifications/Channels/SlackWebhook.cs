using System.Net.Mime;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Api.Notifications.Channels;

/// <summary>Posts the text that Slack's incoming webhooks take. In it, <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> would begin something else than they are.</summary>
internal sealed class SlackWebhook(WebhookClient client) : INotificationChannel
{
    public NotificationChannelType Type => NotificationChannelType.Slack;

    public async Task SendAsync(NotificationTarget target, NotificationDelivery delivery, Uri? link, CancellationToken cancellationToken)
    {
        var notification = delivery.Notification;
        var title = link is null ? $"*{Escape(notification.Title)}*" : $"*<{link}|{Escape(notification.Title)}>*";
        var body = JsonSerializer.Serialize(new { text = $"{title}\n{Escape(notification.Message)}\nRevision `{Escape(notification.Revision)}`" });
        using var content = new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json);
        await client.PostAsync(target, content, new Dictionary<string, string>(), cancellationToken);
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}

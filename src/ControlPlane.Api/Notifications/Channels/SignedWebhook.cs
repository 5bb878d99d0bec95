using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Api.Notifications.Channels;

/// <summary>
/// A webhook that its receiver can trust: the signature covers time and body, so that neither can be changed and an old one is known for what it is
/// (docs/operations/notifications.md tells how to check it).
/// </summary>
internal sealed class SignedWebhook(WebhookClient client, TimeProvider time) : INotificationChannel
{
    /// <summary>When it was signed, in seconds since 1970 (UTC).</summary>
    public const string TimestampHeader = "X-Dabbawala-Timestamp";

    /// <summary><c>v1=</c> and, in hexadecimal, HMAC-SHA256 of the timestamp, a full stop and the body.</summary>
    public const string SignatureHeader = "X-Dabbawala-Signature";

    /// <summary>The id of the delivery, which is the same each time that it is tried.</summary>
    public const string DeliveryHeader = "X-Dabbawala-Delivery";

    private const int ShortestKey = 16;

    public NotificationChannelType Type => NotificationChannelType.Webhook;

    public async Task SendAsync(NotificationTarget target, NotificationDelivery delivery, Uri? link, CancellationToken cancellationToken)
    {
        var key = Encoding.UTF8.GetBytes(await DeliveryException.ReadSecretAsync(target.SecretFile!, cancellationToken));
        if (key.Length < ShortestKey)
        {
            throw new DeliveryException($"the key in {target.SecretFile} is shorter than {ShortestKey} bytes");
        }

        var node = JsonSerializer.SerializeToNode(delivery.Notification, JsonSerializerOptions.Web)!.AsObject();
        node["id"] = delivery.Id.ToString();
        node["title"] = delivery.Notification.Title;
        node["link"] = link?.ToString();
        var body = JsonSerializer.SerializeToUtf8Bytes(node, JsonSerializerOptions.Web);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        await client.PostAsync(
            target,
            content,
            new Dictionary<string, string> { [TimestampHeader] = timestamp, [SignatureHeader] = Sign(key, timestamp, body), [DeliveryHeader] = delivery.Id.ToString() },
            cancellationToken);
    }

    private static string Sign(byte[] key, string timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp), (byte)'.', .. body];
        return $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(key, signed))}";
    }
}

namespace ControlPlane.Api.Notifications.Channels;

/// <summary>Brings notifications to targets of one type.</summary>
internal interface INotificationChannel
{
    /// <summary>Targets of which type.</summary>
    NotificationChannelType Type { get; }

    /// <summary>Brings it; at the end of this the target has it.</summary>
    /// <exception cref="DeliveryException">It did not take it. The message holds no address and no secret.</exception>
    Task SendAsync(NotificationTarget target, NotificationDelivery delivery, Uri? link, CancellationToken cancellationToken);
}

/// <summary>A target did not take a notification.</summary>
/// <param name="message">Why, without address and secret.</param>
/// <param name="cause">What it comes from; null for nothing.</param>
internal sealed class DeliveryException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Reads a secret from its file.</summary>
    /// <exception cref="DeliveryException">It is not there, or empty. The message names the file, which is no secret.</exception>
    public static async Task<string> ReadSecretAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(file, cancellationToken)).Trim() is { Length: > 0 } secret ? secret : throw new DeliveryException($"the file {file} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryException($"the file {file} can't be read", e);
        }
    }
}

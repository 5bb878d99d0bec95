namespace ControlPlane.Api.Notifications;

/// <summary>Ways by which notifications go out.</summary>
public enum NotificationChannelType
{
    /// <summary>A webhook that takes what Slack's incoming webhooks take; Mattermost and Rocket.Chat do too.</summary>
    Slack,

    /// <summary>A webhook of one's own, signed.</summary>
    Webhook,

    /// <summary>E-mail by SMTP.</summary>
    Email,
}

/// <summary>Where notifications go. Holds no secret: those are in files that it names.</summary>
public sealed record NotificationTarget
{
    /// <summary>Its name, which tells it from the others for good: a target under a new name is a new one.</summary>
    public required string Name { get; init; }

    /// <summary>By which way.</summary>
    public required NotificationChannelType Type { get; init; }

    /// <summary>Events that it hears of; empty for all.</summary>
    public IReadOnlyList<NotificationEvent> Events { get; init; } = [];

    /// <summary>Namespaces that it hears of; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Address of a webhook; null where <see cref="UrlFile"/> holds it, as the address of a Slack webhook is a secret itself.</summary>
    public Uri? Url { get; init; }

    /// <summary>File that holds the address of a webhook.</summary>
    public string? UrlFile { get; init; }

    /// <summary>File that holds the key which signs a webhook, of at least 16 bytes; it is read anew for each, so that it can be changed.</summary>
    public string? SecretFile { get; init; }

    /// <summary>The server that takes e-mail; null for webhooks.</summary>
    public SmtpServer? Smtp { get; init; }

    /// <summary>True when it wants to hear of this.</summary>
    public bool Wants(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return (Events.Count == 0 || Events.Contains(notification.Event)) && (Namespaces.Count == 0 || Namespaces.Contains(notification.Namespace));
    }
}

/// <summary>A server that takes e-mail.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port; 587 where STARTTLS is spoken.</param>
/// <param name="Tls">True to refuse to send in clear: by STARTTLS. False only for a relay on this machine.</param>
/// <param name="From">Sender.</param>
/// <param name="To">Recipients.</param>
/// <param name="User">Who signs in; null for nobody.</param>
/// <param name="PasswordFile">File that holds the password; null for none.</param>
public sealed record SmtpServer(string Host, int Port, bool Tls, string From, IReadOnlyList<string> To, string? User, string? PasswordFile);

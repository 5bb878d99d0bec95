using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Hosting.Input;

namespace Fleet.Notifications;

/// <summary>The way that a message takes.</summary>
internal enum Channel
{
    /// <summary>Text message to the mobile number.</summary>
    Sms,

    /// <summary>E-mail.</summary>
    Email,
}

/// <summary>What became of a message.</summary>
internal enum NotificationStatus
{
    /// <summary>It waits.</summary>
    Queued,

    /// <summary>It went out.</summary>
    Sent,

    /// <summary>The recipient could not be found out.</summary>
    Failed,
}

/// <summary>A message to a customer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SendNotification : IInput
{
    /// <summary>Id of the customer.</summary>
    [Required]
    [Identifier]
    public string UserId { get; set; } = "";

    /// <summary>The way that it takes.</summary>
    [Required]
    [EnumDataType(typeof(Channel))]
    public Channel? Channel { get; set; }

    /// <summary>The text, by the name of its template.</summary>
    [Required]
    [EnumDataType(typeof(TemplateName))]
    public TemplateName? Template { get; set; }

    /// <summary>What the template's placeholders stand for.</summary>
    [Length(0, 10, ErrorMessage = "{0} must hold at most 10 entries.")]
    public Dictionary<string, string> Parameters { get; set; } = [];
}

/// <summary>A message.</summary>
/// <param name="Id">Id of the message.</param>
/// <param name="UserId">Id of the customer.</param>
/// <param name="Channel">The way that it takes.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Text">What it says.</param>
/// <param name="Recipient">To whom it went, masked; null until it is sent.</param>
internal sealed record Notification(string Id, string UserId, Channel Channel, NotificationStatus Status, string Text, string? Recipient);

/// <summary>The part of a customer's contact data that is used here.</summary>
internal sealed record Contact(string Mobile, string Email);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SendNotification))]
[JsonSerializable(typeof(Notification))]
[JsonSerializable(typeof(Contact))]
internal sealed partial class NotificationJson : JsonSerializerContext;

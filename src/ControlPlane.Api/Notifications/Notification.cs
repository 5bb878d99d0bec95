using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Notifications;

/// <summary>Something about a rollout that a person cares for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NotificationEvent>))]
public enum NotificationEvent
{
    /// <summary>A revision set out.</summary>
    Started,

    /// <summary>It stands at a pause that only a person ends.</summary>
    WaitsForApproval,

    /// <summary>Something holds it, such as a freeze or a burnt error budget.</summary>
    Held,

    /// <summary>A person let it pass what holds it.</summary>
    Overridden,

    /// <summary>All users have the revision.</summary>
    Promoted,

    /// <summary>The revision failed, or was called back: users have what they had before.</summary>
    RolledBack,
}

/// <summary>
/// What is told. It goes to others, so it holds no name and no address of anybody, and no words that a person typed: who acted is their opaque id, and why
/// is in the decision log and the audit log.
/// </summary>
public sealed record Notification
{
    /// <summary>Tells it from all others, whoever tells it and however often.</summary>
    public required string Key { get; init; }

    /// <summary>What happened.</summary>
    public required NotificationEvent Event { get; init; }

    /// <summary>Namespace of the rollout.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the rollout.</summary>
    public required string Rollout { get; init; }

    /// <summary>Services that it moves.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>The revision that it is about.</summary>
    public required string Revision { get; init; }

    /// <summary>When it was decided, or came to be so (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The same for people, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Opaque id of who asked for it; null when nobody did.</summary>
    public string? By { get; init; }

    /// <summary>A title for people.</summary>
    [JsonIgnore]
    public string Title => $"{new ObjectKey(Namespace, Rollout)}: {Words}";

    private string Words => Event switch
    {
        NotificationEvent.Started => "a new version set out",
        NotificationEvent.WaitsForApproval => "a new version waits for an approval",
        NotificationEvent.Held => "a new version is held",
        NotificationEvent.Overridden => "its holds were overridden",
        NotificationEvent.Promoted => "all users have the new version",
        _ => "a new version was rolled back",
    };
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ControlPlane.Api.Notifications;

/// <summary>What became of a delivery.</summary>
public enum DeliveryState
{
    /// <summary>It is to be sent, or tried again.</summary>
    Due,

    /// <summary>The target took it.</summary>
    Sent,

    /// <summary>It was tried as often as it is.</summary>
    GivenUp,
}

/// <summary>A notification for one target.</summary>
public sealed class NotificationDelivery
{
    /// <summary>Made of notification and target: there is one of each, however often it is asked for. Targets know by it what they have already.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>What is told.</summary>
    public required Notification Notification { get; init; }

    /// <summary>When it was put here (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What became of it.</summary>
    public DeliveryState State { get; set; }

    /// <summary>Times that it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>When it is to be tried (UTC). Whoever tries it puts it off first: so others let it be, and take it up should they die.</summary>
    public DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>What went wrong the last time; null when nothing did. No address and no secret.</summary>
    public string? Problem { get; set; }
}

/// <summary>Since when a target is known: of what was before, it is not told.</summary>
public sealed class KnownTarget
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Since when (UTC).</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>How deliveries are stored: what is asked by is a column, the notification is JSON.</summary>
internal sealed class NotificationTables : IEntityTypeConfiguration<NotificationDelivery>, IEntityTypeConfiguration<KnownTarget>
{
    public void Configure(EntityTypeBuilder<NotificationDelivery> builder)
    {
        builder.ToTable("notification_deliveries");
        builder.HasKey(delivery => delivery.Id);
        builder.Property(delivery => delivery.Id).ValueGeneratedNever();
        builder.Property(delivery => delivery.Target).HasMaxLength(64);
        builder.Property(delivery => delivery.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(delivery => delivery.Notification).HasConversion(
            new ValueConverter<Notification, string>(value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web), text => JsonSerializer.Deserialize<Notification>(text, JsonSerializerOptions.Web)!),
            new ValueComparer<Notification>((one, other) => ReferenceEquals(one, other), value => 0, value => value));
        builder.HasIndex(delivery => new { delivery.Target, delivery.State, delivery.NextAttemptAt });
        builder.HasIndex(delivery => delivery.CreatedAt);
    }

    public void Configure(EntityTypeBuilder<KnownTarget> builder)
    {
        builder.ToTable("notification_targets");
        builder.HasKey(target => target.Name);
        builder.Property(target => target.Name).HasMaxLength(64);
    }
}

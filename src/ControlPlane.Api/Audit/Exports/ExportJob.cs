using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>An export as the store keeps it: what was asked for, how far it is, and what came of it.</summary>
public sealed class ExportJob
{
    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Opaque id of who asked for it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When (UTC).</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Recorded at or after (UTC).</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>Recorded before (UTC).</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>Framework; null for all.</summary>
    public string? Framework { get; init; }

    /// <summary>Namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Service; null for all.</summary>
    public string? Service { get; init; }

    /// <summary>Actor; null for all.</summary>
    public string? Actor { get; init; }

    /// <summary>What it is for.</summary>
    public string? Purpose { get; init; }

    /// <summary>Size of the log that it is an export of.</summary>
    public long Size { get; init; }

    /// <summary>The signed checkpoint of that size.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>True when the period was over when it was asked for: the same query gives the same bytes for ever.</summary>
    public bool IsClosed { get; init; }

    /// <summary>How far it is.</summary>
    public ExportState State { get; set; }

    /// <summary>File of the package that is being written.</summary>
    public string? Part { get; set; }

    /// <summary>Rows of that file so far.</summary>
    public long Rows { get; set; }

    /// <summary>Entries in it; null as long as they are being found.</summary>
    public long? Entries { get; set; }

    /// <summary>When it ended (UTC).</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>When its file goes (UTC).</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>SHA-256 of the file, in hexadecimal.</summary>
    public string? Sha256 { get; set; }

    /// <summary>SHA-256 of the package's manifest, in hexadecimal: the same however the package is put into a file.</summary>
    public string? ManifestSha256 { get; set; }

    /// <summary>Length of the file in bytes.</summary>
    public long? Bytes { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; set; }

    /// <summary>Until when whoever makes it has it (UTC); after that it may be taken up anew. Null when nobody does.</summary>
    public DateTimeOffset? HeldUntil { get; set; }

    /// <summary>Changes with each write, so that two writers notice each other.</summary>
    public int Version { get; set; }

    /// <summary>What was asked for.</summary>
    public ExportQuery Query => new()
    {
        From = From, To = To, Framework = Framework, Namespace = Namespace, Service = Service, Actor = Actor,
    };

    /// <summary>Name of the file for people.</summary>
    public string FileName => $"dabbawala-audit-{From.UtcDateTime:yyyyMMdd}-{To.UtcDateTime:yyyyMMdd}-{Id.ToString("N")[^8..]}.zip";
}

/// <summary>How far an export is.</summary>
public enum ExportState
{
    /// <summary>It waits.</summary>
    Queued,

    /// <summary>It is being made.</summary>
    Running,

    /// <summary>The file is there.</summary>
    Done,

    /// <summary>It could not be made.</summary>
    Failed,

    /// <summary>Somebody called it off.</summary>
    Cancelled,

    /// <summary>Its file is gone; the same query makes it again.</summary>
    Expired,
}

/// <summary>How exports are stored.</summary>
internal sealed class ExportJobConfiguration : IEntityTypeConfiguration<ExportJob>
{
    private const int NameLength = 512;

    public void Configure(EntityTypeBuilder<ExportJob> builder)
    {
        builder.ToTable("exports");
        builder.HasKey(job => job.Id);
        builder.Ignore(job => job.Query);
        builder.Ignore(job => job.FileName);
        builder.Property(job => job.RequestedBy).HasMaxLength(NameLength);
        builder.Property(job => job.Framework).HasMaxLength(NameLength);
        builder.Property(job => job.Namespace).HasMaxLength(NameLength);
        builder.Property(job => job.Service).HasMaxLength(NameLength);
        builder.Property(job => job.Actor).HasMaxLength(NameLength);
        builder.Property(job => job.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(job => job.Purpose).HasMaxLength(2 * NameLength);
        builder.Property(job => job.Part).HasMaxLength(64);
        builder.Property(job => job.ManifestSha256).HasMaxLength(64);
        builder.Property(job => job.Sha256).HasMaxLength(64);
        builder.Property(job => job.Version).IsConcurrencyToken();
        builder.HasIndex(job => job.RequestedAt);
        builder.HasIndex(job => job.State);
    }
}

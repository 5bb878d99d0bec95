using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Idempotency;

/// <summary>A request that carried an Idempotency-Key, and the answer that it got.</summary>
public sealed class IdempotentRequest
{
    /// <summary>Opaque id of the caller: the same key of another caller is another key.</summary>
    public required string CallerId { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>Hash of method, path, query, precondition and body, as hexadecimal.</summary>
    public required string RequestHash { get; init; }

    /// <summary>When it came (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Until when it counts as in flight, should its process die (UTC).</summary>
    public required DateTimeOffset HeldUntil { get; init; }

    /// <summary>HTTP status of the answer; null while it is in flight.</summary>
    public int? Status { get; set; }

    /// <summary>Media type of the answer's body.</summary>
    public string? ContentType { get; set; }

    /// <summary>ETag of the answer.</summary>
    public string? ETag { get; set; }

    /// <summary>Location of the answer.</summary>
    public string? Location { get; set; }

    /// <summary>The answer's body; null when it must not, or can't, be kept.</summary>
    public byte[]? Body { get; set; }
}

/// <summary>How they are stored.</summary>
internal sealed class IdempotentRequestTable : IEntityTypeConfiguration<IdempotentRequest>
{
    public void Configure(EntityTypeBuilder<IdempotentRequest> builder)
    {
        builder.ToTable("idempotent_requests");
        builder.HasKey(request => new { request.CallerId, request.Key });
        builder.Property(request => request.CallerId).HasMaxLength(256);
        builder.Property(request => request.Key).HasMaxLength(IdempotencyKey.Longest);
        builder.HasIndex(request => request.At);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Access.Suspicion;

/// <summary>An account that is not let in from an address. The address is personal data; the row goes when the block is over.</summary>
public sealed class Block
{
    /// <summary>Id of the account; <see cref="SuspicionGauge.NoAccount"/> for tries at none that exists.</summary>
    public required string Account { get; init; }

    /// <summary>From where: an IPv4 address, or the /64 of an IPv6 one.</summary>
    public required string Address { get; init; }

    /// <summary>Score, 71 to 180.</summary>
    public required int Score { get; init; }

    /// <summary>Why.</summary>
    public required Suspicions Suspicions { get; init; }

    /// <summary>Since when it was suspected (UTC).</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Until when it is blocked (UTC).</summary>
    public required DateTimeOffset Until { get; init; }
}

internal sealed class BlockConfiguration : IEntityTypeConfiguration<Block>
{
    public void Configure(EntityTypeBuilder<Block> builder)
    {
        builder.ToTable("blocks");
        builder.HasKey(block => new { block.Account, block.Address });
        builder.HasIndex(block => block.Until);
    }
}

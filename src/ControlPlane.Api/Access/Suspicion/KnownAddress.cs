using ControlPlane.Api.Access.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Access.Suspicion;

/// <summary>An address that somebody signed in from. Personal data; gone with the account.</summary>
public sealed class KnownAddress
{
    /// <summary>Who.</summary>
    public required string UserId { get; init; }

    /// <summary>From where: an IPv4 address, or the /64 of an IPv6 one.</summary>
    public required string Address { get; init; }

    /// <summary>When last (UTC).</summary>
    public required DateTimeOffset LastSeen { get; set; }
}

internal sealed class KnownAddressConfiguration : IEntityTypeConfiguration<KnownAddress>
{
    public void Configure(EntityTypeBuilder<KnownAddress> builder)
    {
        builder.ToTable("known_addresses");
        builder.HasKey(known => new { known.UserId, known.Address });
        builder.HasOne<User>().WithMany().HasForeignKey(known => known.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

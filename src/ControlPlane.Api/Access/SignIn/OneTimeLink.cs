using ControlPlane.Api.Access.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Access.SignIn;

/// <summary>What a one-time link is for.</summary>
public enum LinkPurpose
{
    /// <summary>To sign in.</summary>
    SignIn,

    /// <summary>To choose a password, and sign in.</summary>
    Invitation,
}

/// <summary>A link that works once. Only the hash of its secret is kept; using it deletes it.</summary>
public sealed class OneTimeLink
{
    /// <summary>Hash of the secret in the link.</summary>
    public required string SecretHash { get; init; }

    /// <summary>Whom it lets in.</summary>
    public required string UserId { get; init; }

    /// <summary>What for.</summary>
    public required LinkPurpose Purpose { get; init; }

    /// <summary>Until when (UTC).</summary>
    public required DateTimeOffset Expires { get; init; }
}

internal sealed class OneTimeLinkConfiguration : IEntityTypeConfiguration<OneTimeLink>
{
    public void Configure(EntityTypeBuilder<OneTimeLink> builder)
    {
        builder.ToTable("one_time_links");
        builder.HasKey(link => link.SecretHash);
        builder.HasOne<User>().WithMany().HasForeignKey(link => link.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

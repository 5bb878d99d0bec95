using ControlPlane.Api.Access.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Access.Tokens;

/// <summary>A secret for a program. Only its hash is kept.</summary>
public sealed class ApiToken
{
    /// <summary>Opaque; opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for, in the words of whoever made it.</summary>
    public required string Name { get; init; }

    /// <summary>Hash of the token.</summary>
    public required string SecretHash { get; init; }

    /// <summary>Whose it is: it never gives more than that person holds, and dies with the account.</summary>
    public required string OwnerId { get; init; }

    /// <summary>Roles that it was made with.</summary>
    public required IReadOnlyList<RoleGrant> Grants { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ends (UTC).</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>When it was last used (UTC), to the minute; null before the first time.</summary>
    public DateTimeOffset? LastUsed { get; set; }
}

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("tokens");
        builder.HasKey(token => token.Id);
        builder.HasIndex(token => token.SecretHash).IsUnique();
        builder.Property(token => token.Grants).HasGrants();
        builder.HasOne<User>().WithMany().HasForeignKey(token => token.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

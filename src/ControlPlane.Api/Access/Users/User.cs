using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ControlPlane.Api.Access.Users;

/// <summary>A person who may sign in. Name, display name and e-mail are personal data: outside of this table a person goes by the id.</summary>
public sealed class User
{
    /// <summary>Opaque and lasting.</summary>
    public required string Id { get; init; }

    /// <summary>Name to sign in with, in lower case.</summary>
    public required string Name { get; set; }

    /// <summary>Name for people to read.</summary>
    public required string DisplayName { get; set; }

    /// <summary>E-mail address; null when not known.</summary>
    public string? Email { get; set; }

    /// <summary>Hash of the password, in PHC notation; null for somebody who signs in by link or single sign-on.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Issuer of the identity; null for a local account.</summary>
    public string? Issuer { get; init; }

    /// <summary>Roles held. Those of somebody from an issuer are renewed at each sign-in.</summary>
    public required IReadOnlyList<RoleGrant> Grants { get; set; }

    /// <summary>True when the person may not sign in.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>When the account was made (UTC).</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the person last signed in (UTC); null before the first time.</summary>
    public DateTimeOffset? LastSignIn { get; set; }

    /// <summary>Counts changes; the ETag.</summary>
    public int Version { get; set; } = 1;
}

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.HasKey(user => user.Id);
        builder.HasIndex(user => user.Name).IsUnique();
        builder.Property(user => user.Version).IsConcurrencyToken();
        builder.Property(user => user.Grants).HasGrants();
    }
}

/// <summary>Roles in one column, as JSON.</summary>
internal static class GrantsColumn
{
    public static PropertyBuilder<IReadOnlyList<RoleGrant>> HasGrants(this PropertyBuilder<IReadOnlyList<RoleGrant>> property)
    {
        property.HasConversion(
            new ValueConverter<IReadOnlyList<RoleGrant>, string>(grants => Write(grants), text => Read(text)),
            new ValueComparer<IReadOnlyList<RoleGrant>>((a, b) => a!.SequenceEqual(b!), grants => Write(grants).GetHashCode(StringComparison.Ordinal), grants => grants));
        return property;
    }

    private static string Write(IReadOnlyList<RoleGrant> grants) => JsonSerializer.Serialize(grants.Select(grant => grant.ToString()));

    private static IReadOnlyList<RoleGrant> Read(string text) => [.. JsonSerializer.Deserialize<string[]>(text)!.Select(RoleGrant.Parse).OfType<RoleGrant>()];
}

using ControlPlane.Api.Access.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Access.Sessions;

/// <summary>Ways to sign in.</summary>
public enum SignInMethod
{
    /// <summary>With a password.</summary>
    Password,

    /// <summary>By a one-time link.</summary>
    Link,

    /// <summary>At an OpenID Connect provider.</summary>
    SingleSignOn,
}

/// <summary>A browser that somebody is signed in with. Address and agent are personal data.</summary>
public sealed class Session
{
    /// <summary>Opaque; opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>Hash of the secret in the browser's cookie.</summary>
    public required string SecretHash { get; init; }

    /// <summary>Whose.</summary>
    public required string UserId { get; init; }

    /// <summary>How the person signed in.</summary>
    public required SignInMethod Method { get; init; }

    /// <summary>When (UTC).</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last used (UTC), to the minute.</summary>
    public required DateTimeOffset LastSeen { get; set; }

    /// <summary>When it ends at the latest (UTC).</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Network address at sign-in.</summary>
    public required string Address { get; init; }

    /// <summary>What the browser says it is.</summary>
    public required string Agent { get; init; }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions");
        builder.HasKey(session => session.Id);
        builder.HasIndex(session => session.SecretHash).IsUnique();
        builder.HasIndex(session => session.Expires);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

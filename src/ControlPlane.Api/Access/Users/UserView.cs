namespace ControlPlane.Api.Access.Users;

/// <summary>A person as lists show it.</summary>
/// <param name="Id">Opaque and lasting.</param>
/// <param name="Name">Name to sign in with.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Email">E-mail address; null when not known.</param>
/// <param name="Roles">Roles held, such as <c>platform-engineer@shop</c>.</param>
/// <param name="IsDisabled">True when the person may not sign in.</param>
/// <param name="HasPassword">True when the person can sign in with a password.</param>
/// <param name="Issuer">Who vouches for the person; null for a local account.</param>
/// <param name="Created">When the account was made (UTC).</param>
/// <param name="LastSignIn">When the person last signed in (UTC); null before the first time.</param>
/// <param name="Version">Counts changes; the ETag.</param>
public sealed record UserView(
    string Id,
    string Name,
    string DisplayName,
    string? Email,
    IReadOnlyList<string> Roles,
    bool IsDisabled,
    bool HasPassword,
    string? Issuer,
    DateTimeOffset Created,
    DateTimeOffset? LastSignIn,
    int Version)
{
    internal static UserView Of(User user) => new(
        user.Id,
        user.Name,
        user.DisplayName,
        user.Email,
        [.. user.Grants.Select(grant => grant.ToString())],
        user.IsDisabled,
        user.PasswordHash is not null,
        user.Issuer,
        user.Created,
        user.LastSignIn,
        user.Version);
}

/// <summary>Which people a list shows, and in which order.</summary>
/// <param name="Text">Text that name, display name or e-mail contain; null for all.</param>
/// <param name="Role">Name of a role that they hold somewhere; null for any.</param>
/// <param name="Sort"><c>name</c>, <c>created</c> or <c>lastSignIn</c>; with a minus in front the other way round.</param>
public sealed record UserFilter(string? Text = null, string? Role = null, string Sort = "name");

/// <summary>What is said of a person who is to be invited, or changed.</summary>
/// <param name="Name">Name to sign in with; only when inviting.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Roles">Roles, such as <c>platform-engineer@shop</c>.</param>
/// <param name="IsDisabled">True when the person may not sign in.</param>
public sealed record UserDraft(string? Name, string? DisplayName, string? Email, IReadOnlyList<string>? Roles, bool IsDisabled = false);

/// <summary>A person who was invited.</summary>
/// <param name="User">The person.</param>
/// <param name="Link">One-time link to choose a password, from the root. It holds a secret and is not shown again.</param>
public sealed record Invited(UserView User, string Link);

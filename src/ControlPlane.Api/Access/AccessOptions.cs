using System.Net;

namespace ControlPlane.Api.Access;

/// <summary>How people and programs are let in. Nothing here lets anybody in without: sign-in is always on.</summary>
public sealed record AccessOptions
{
    /// <summary>Address under which browsers reach the console: in links, and to say whether cookies are for https alone. Null: the first address listened on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>A session ends when it was not used for so long. Default: 8 h, a working day.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(8);

    /// <summary>A session ends so long after sign-in, however much it is used. Default: 24 h.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Longest life of an API token. Default: 365 days.</summary>
    public TimeSpan LongestToken { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long a one-time link to sign in works. Default: 1 h.</summary>
    public TimeSpan SignInLinkLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an invitation works. Default: 7 days.</summary>
    public TimeSpan InvitationLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Networks that are never blocked on suspicion, as CIDR. Loopback is always one.</summary>
    public IReadOnlyList<IPNetwork> TrustedNetworks { get; init; } = [];

    /// <summary>Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: none.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>The OpenID Connect provider; null for none.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>Where the first sign-in link is printed. Default: standard output.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Roles of Kubernetes ServiceAccounts, by <c>namespace/name</c>, as <see cref="RoleGrant.Parse"/> reads them. Others are let in nowhere.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RoleGrant>> ServiceAccounts { get; init; } = new Dictionary<string, IReadOnlyList<RoleGrant>>();
}

/// <summary>An OpenID Connect provider.</summary>
public sealed record OidcOptions
{
    /// <summary>Its issuer, such as <c>https://login.example.in/realms/fleet</c>.</summary>
    public required Uri Authority { get; init; }

    /// <summary>Our client id there.</summary>
    public required string ClientId { get; init; }

    /// <summary>Our secret there; null for a public client.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Name of the provider for people, on the button.</summary>
    public string Name { get; init; } = "single sign-on";

    /// <summary>Claim that holds groups or roles. Default: <c>roles</c>.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>What values of the claim give. Values that are not here give nothing.</summary>
    public IReadOnlyDictionary<string, RoleGrant> Roles { get; init; } = new Dictionary<string, RoleGrant>();

    /// <summary>Audience that bearer tokens for the API must have. Default: <c>dabbawala</c>.</summary>
    public string Audience { get; init; } = "dabbawala";

    /// <summary>Scopes that are asked for besides openid, profile and email.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Without the secret: records print all they hold.</summary>
    public override string ToString() => $"{ClientId} at {Authority}";
}

using System.Net;
using ControlPlane.Api.Access;

namespace ControlPlane.Web.Startup;

/// <summary>
/// Reads the section <c>Access</c> of the configuration (docs/operations/access.md): environment variables such as <c>Access__Oidc__Authority</c>,
/// or appsettings.json.
/// </summary>
internal static class AccessSettings
{
    /// <summary>Reads it.</summary>
    /// <exception cref="StartupException">A value can't be what it is; the message names it.</exception>
    public static AccessOptions Read(IConfiguration configuration, HostSettings settings)
    {
        var section = configuration.GetSection("Access");
        var defaults = new AccessOptions();
        return defaults with
        {
            PublicUrl = settings.PublicUrl,
            SessionIdle = Time(section, "SessionIdle") ?? defaults.SessionIdle,
            SessionLifetime = Time(section, "SessionLifetime") ?? defaults.SessionLifetime,
            LongestToken = Time(section, "LongestToken") ?? defaults.LongestToken,
            TrustedNetworks = [.. Values(section, "TrustedNetworks").Select(value => IPNetwork.TryParse(value, out var network) ? network : throw Bad("TrustedNetworks", value, "a network such as 10.0.0.0/8"))],
            Proxies = [.. Values(section, "Proxies").Select(value => IPAddress.TryParse(value, out var address) ? address : throw Bad("Proxies", value, "an IP address"))],
            Oidc = section.GetSection("Oidc") is var oidc && oidc.Exists() ? ReadOidc(oidc) : null,
            ServiceAccounts = section.GetSection("ServiceAccounts").GetChildren()
                .ToDictionary(account => account["Name"] ?? throw Bad("ServiceAccounts", account.Path, "an entry with Name and Roles"), account => (IReadOnlyList<RoleGrant>)[.. Values(account, "Roles").Select(Grant)]),
        };
    }

    private static OidcOptions ReadOidc(IConfigurationSection section)
    {
        var defaults = new OidcOptions { Authority = new Uri("https://nowhere.invalid"), ClientId = "" };
        var authority = section["Authority"] ?? "";
        return defaults with
        {
            Authority = Uri.TryCreate(authority, UriKind.Absolute, out var issuer) && (issuer.Scheme == Uri.UriSchemeHttps || issuer.IsLoopback) ? issuer : throw Bad("Oidc:Authority", authority, "an https address"),
            ClientId = section["ClientId"] ?? throw Bad("Oidc:ClientId", "", "the client id"),
            ClientSecret = section["ClientSecretFile"] is { } file ? ReadSecret(file) : section["ClientSecret"],
            Name = section["Name"] ?? defaults.Name,
            RoleClaim = section["RoleClaim"] ?? defaults.RoleClaim,
            Roles = section.GetSection("Roles").GetChildren().ToDictionary(role => role.Key, role => Grant(role.Value ?? "")),
            Audience = section["Audience"] ?? defaults.Audience,
            Scopes = Values(section, "Scopes"),
        };
    }

    private static string ReadSecret(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Access:Oidc:ClientSecretFile {file} can't be read: {e.Message}", e);
        }
    }

    private static RoleGrant Grant(string text) => RoleGrant.Parse(text) ?? throw Bad("roles", text, "a role such as viewer or platform-engineer@shop");

    private static IReadOnlyList<string> Values(IConfigurationSection section, string name) => [.. section.GetSection(name).GetChildren().Select(child => child.Value).OfType<string>()];

    private static TimeSpan? Time(IConfigurationSection section, string name) => section[name] is not { } text ? null
        : TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero ? time
        : throw Bad(name, text, "a time such as 08:00:00");

    private static StartupException Bad(string name, string value, string wanted) => new($"Access:{name} is '{value}', and must be {wanted}");
}

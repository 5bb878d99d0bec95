using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Retention;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Witnessing;

namespace ControlPlane.Web.Startup;

/// <summary>
/// Reads the section <c>Audit</c> of the configuration (docs/operations/audit.md): environment variables such as <c>Audit__Organisation</c>, or
/// appsettings.json. Whatever it says, the log is kept.
/// </summary>
internal static class RecordSettings
{
    /// <summary>Reads it.</summary>
    /// <exception cref="StartupException">A value can't be what it is; the message names it.</exception>
    public static RecordOptions Read(IConfiguration configuration, HostSettings settings)
    {
        var section = configuration.GetSection("Audit");
        var defaults = new RecordOptions { DataDirectory = settings.DataDirectory };
        return defaults with
        {
            PostgreSql = settings.PostgreSql,
            PostgreSqlOwner = Environment.GetEnvironmentVariable("DABBAWALA_POSTGRES_OWNER"),
            Origin = section["Origin"] ?? defaults.Origin,
            AcceptedRoot = ReadRoot(section),
            Witnesses = [.. section.GetSection("Witnesses").GetChildren().Select(ReadWitness)],
            Organisation = section["Organisation"] ?? "",
            Device = section["Device"] ?? "",
            RetentionRules = ReadRules(section),
            PrunesDaily = section.GetValue("PrunesDaily", defaults.PrunesDaily),
        };
    }

    /// <summary>Read here once, so that a rule that makes no sense ends the start, and not the first prune.</summary>
    private static string? ReadRules(IConfigurationSection section)
    {
        if (section["RetentionRules"] is not { Length: > 0 } path)
        {
            return null;
        }

        try
        {
            RetentionRules.Parse(File.ReadAllText(path));
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartupException($"{section.Path}:RetentionRules, {path}, can't be used: {e.Message}", e);
        }
    }

    private static TreeHash? ReadRoot(IConfigurationSection section)
    {
        try
        {
            return section["AcceptedRoot"] is { Length: > 0 } root ? new TreeHash(Convert.FromHexString(root)) : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new StartupException($"{section.Path}:AcceptedRoot must be a root in hexadecimal, as the log names it when it does not open: 64 digits", e);
        }
    }

    private static WitnessAddress ReadWitness(IConfigurationSection section)
    {
        if (!Uri.TryCreate(section["Url"], UriKind.Absolute, out var url))
        {
            throw new StartupException($"{section.Path}:Url is '{section["Url"]}', and must be the witness's address");
        }

        try
        {
            return new WitnessAddress(url, NoteVerifier.Parse(section["Key"] ?? ""));
        }
        catch (NoteException e)
        {
            throw new StartupException($"{section.Path}:Key can't be used: {e.Message}", e);
        }
    }
}

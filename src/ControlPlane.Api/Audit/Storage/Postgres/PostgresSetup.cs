using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>
/// Makes the tables of a log, or brings them up to date. Where nothing is missing nothing is touched: replicas start while others write, and a statement
/// that locks a table would stand in their way.
/// </summary>
internal static partial class PostgresSetup
{
    /// <summary>Triggers that a log has, as <c>table.trigger</c>.</summary>
    private static readonly string[] Guards = [.. Trigger().Matches(PostgresSchema.Create).Select(static match => $"{match.Groups["table"].Value}.{match.Groups["name"].Value}")];

    private static readonly string Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PostgresSchema.Create)))[..16];

    /// <summary>Makes them.</summary>
    /// <param name="owner">Connection of the role that owns the tables.</param>
    /// <param name="role">Role that the program works as, quoted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Triggers that were gone or disabled, and are back.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(NpgsqlConnection owner, string role, CancellationToken cancellationToken)
    {
        await using var transaction = await owner.BeginTransactionAsync(cancellationToken);
        await owner.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext('dabbawala audit setup'))", cancellationToken); // one replica at a time
        var isOfThisVersion = await owner.ScalarAsync<bool>(HasVersion, cancellationToken, Version);
        var gone = await MissingGuardsAsync(owner, cancellationToken);
        if (!isOfThisVersion || gone.Count > 0)
        {
            await owner.ExecuteAsync(HoldWriters, cancellationToken);
            await owner.ExecuteAsync(PostgresSchema.Create, cancellationToken);
            await owner.ExecuteAsync($"COMMENT ON SCHEMA audit IS '{Version}'", cancellationToken);
        }

        await owner.ExecuteAsync(PostgresSchema.Rights(role), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return isOfThisVersion ? gone : [];
    }

    /// <summary>Triggers of the tables that somebody dropped or disabled.</summary>
    public static async Task<IReadOnlyList<string>> MissingGuardsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. Guards.Except(await connection.RowsAsync(Standing, static r => r.GetString(0), cancellationToken))];

    /// <summary>These tables, as this version makes them.</summary>
    private const string HasVersion = "SELECT coalesce(obj_description(to_regnamespace('audit'), 'pg_namespace') = $1, false)";

    private const string Standing =
        """
        SELECT c.relname || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = to_regnamespace('audit') AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
        """;

    [GeneratedRegex(@"CREATE OR REPLACE TRIGGER (?<name>\w+) BEFORE [A-Z ]+ ON audit\.(?<table>\w+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Trigger();

    /// <summary>Every writer begins with the head: who has that table has the log, and can't come into a deadlock with one.</summary>
    private const string HoldWriters =
        """
        DO $$ BEGIN
          IF to_regclass('audit.head') IS NOT NULL THEN LOCK TABLE audit.head IN ACCESS EXCLUSIVE MODE; END IF;
        END $$
        """;
}

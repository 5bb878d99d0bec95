using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>
/// Makes the tables of a log, or brings them up to date. Where nothing is missing nothing is touched: replicas start while others write, and a statement
/// that locks a table would stand in their way.
/// </summary>
internal static class PostgresSetup
{
    private static readonly int Triggers = PostgresSchema.Create.Split("CREATE OR REPLACE TRIGGER").Length - 1;
    private static readonly string Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PostgresSchema.Create)))[..16];

    /// <param name="owner">Connection of the role that owns the tables.</param>
    /// <param name="role">Role that the program works as, quoted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(NpgsqlConnection owner, string role, CancellationToken cancellationToken)
    {
        await using var transaction = await owner.BeginTransactionAsync(cancellationToken);
        await owner.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext('dabbawala audit setup'))", cancellationToken); // one replica at a time
        if (!await owner.ScalarAsync<bool>(IsComplete, cancellationToken, Version, Triggers))
        {
            await owner.ExecuteAsync(HoldWriters, cancellationToken);
            await owner.ExecuteAsync(PostgresSchema.Create, cancellationToken);
            await owner.ExecuteAsync($"COMMENT ON SCHEMA audit IS '{Version}'", cancellationToken);
        }

        await owner.ExecuteAsync(PostgresSchema.Rights(role), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>These tables, and all their triggers, as nobody has disabled or dropped one.</summary>
    private const string IsComplete =
        """
        SELECT coalesce(obj_description(to_regnamespace('audit'), 'pg_namespace') = $1, false)
          AND $2 = (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                    WHERE c.relnamespace = to_regnamespace('audit') AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A'))
        """;

    /// <summary>Every writer begins with the head: who has that table has the log, and can't come into a deadlock with one.</summary>
    private const string HoldWriters =
        """
        DO $$ BEGIN
          IF to_regclass('audit.head') IS NOT NULL THEN LOCK TABLE audit.head IN ACCESS EXCLUSIVE MODE; END IF;
        END $$
        """;
}

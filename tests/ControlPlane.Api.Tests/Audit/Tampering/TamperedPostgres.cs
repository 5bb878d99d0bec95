using ControlPlane.Api.Tests.Audit.Storage;
using Npgsql;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>A superuser works as replication does: triggers stay where they are, and do not run for him.</summary>
internal sealed class TamperedPostgres : TamperedDatabase
{
    private const string DropTriggers =
        """
        DO $$ DECLARE one record; BEGIN
          FOR one IN SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger WHERE NOT tgisinternal LOOP
            EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.owner);
          END LOOP;
        END $$
        """;

    private readonly PostgresServer _server;
    private readonly NpgsqlConnection _connection;

    private TamperedPostgres(PostgresServer server, NpgsqlConnection connection)
        : base(connection)
    {
        (_server, _connection) = (server, connection);
        Run("SET search_path = audit");
        Run("SET session_replication_role = replica");
    }

    public static TamperedPostgres Open(PostgresServer server, string database) => new(server, Connect(server, database));

    public override void ReplaceBy(string log)
    {
        using var other = Connect(_server, log);
        foreach (var table in Tables)
        {
            Run($"DELETE FROM {table}");
            using var from = other.BeginRawBinaryCopy($"COPY audit.{table} TO STDOUT (FORMAT BINARY)");
            using var to = _connection.BeginRawBinaryCopy($"COPY audit.{table} FROM STDIN (FORMAT BINARY)");
            from.CopyTo(to);
        }
    }

    protected override void LetGo()
    {
        if (!HidesItself)
        {
            Run(DropTriggers);
        }
    }

    protected override string NameOf(int parameter) => ""; // by their order

    private static NpgsqlConnection Connect(PostgresServer server, string database)
    {
        var connection = new NpgsqlConnection($"{server.ConnectionString(database)};Pooling=false");
        connection.Open();
        return connection;
    }
}

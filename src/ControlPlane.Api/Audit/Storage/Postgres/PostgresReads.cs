using Compliance.Audit;
using Compliance.Audit.Sequencing;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>Reads rows of a log in PostgreSQL.</summary>
internal static class PostgresReads
{
    public static async Task<StoredLog> ReadLogAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var head = (await RowsAsync(connection, "SELECT size, root, recorded_at FROM audit.head", static r => (Size: r.GetInt64(0), Root: r.GetFieldValue<byte[]>(1), At: Time(r, 2)), cancellationToken))[0];
        var pruned = (await RowsAsync(connection, "SELECT coalesce(max(until), 0) FROM audit.prune", static r => r.GetInt64(0), cancellationToken))[0];
        var sources = await RowsAsync(
            connection, "SELECT name, next, missing FROM audit.source", static r => new SourceProgress(r.GetString(0), r.GetInt64(1), SourceGaps.Read(r.GetString(2))), cancellationToken);
        var checkpoint = await RowsAsync(connection, "SELECT size, root, at, note FROM audit.checkpoint ORDER BY size DESC LIMIT 1", Checkpoint, cancellationToken);
        return new StoredLog(head.Size, head.Size == 0 ? TreeHash.Empty : new TreeHash(head.Root), head.At, pruned, sources, checkpoint.FirstOrDefault());
    }

    public static async Task<List<T>> RowsAsync<T>(NpgsqlDataSource source, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await RowsAsync(connection, sql, read, cancellationToken, parameters);
    }

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
#pragma warning disable CA2100 // constants of this folder
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    public static StoredEntry Entry(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetFieldValue<byte[]>(1), Hash(row, 2));

    public static StoredCheckpoint Checkpoint(NpgsqlDataReader row) => new(row.GetInt64(0), Hash(row, 1), Time(row, 2), row.GetString(3));

    private static async Task<List<T>> RowsAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static TreeHash Hash(NpgsqlDataReader row, int column) => new(row.GetFieldValue<byte[]>(column));

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}

using Compliance.Audit;
using Compliance.Audit.Sequencing;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>Reads rows of a log in PostgreSQL.</summary>
internal static class PostgresReads
{
    /// <summary>In one statement, and so as of one moment.</summary>
    private const string Head =
        """
        SELECT h.size, h.root, h.recorded_at, coalesce((SELECT max(until) FROM audit.prune), 0), c.size, c.root, c.at, c.note
        FROM audit.head h LEFT JOIN LATERAL (SELECT * FROM audit.checkpoint ORDER BY size DESC LIMIT 1) c ON true
        """;

    /// <summary>An entry that no head counts, and the size by the head. In one statement, too: others append meanwhile.</summary>
    public const string Beyond = "SELECT last, size FROM audit.head, (SELECT max(idx) AS last FROM audit.entry) e WHERE last >= size";

    public static async Task<LogHead> ReadHeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.RowsAsync(Head, ReadHead, cancellationToken))[0];

    public static async Task<IReadOnlyList<SourceProgress>> ReadSourcesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => await connection.RowsAsync(
        "SELECT name, next, missing FROM audit.source", static r => new SourceProgress(r.GetString(0), r.GetInt64(1), SourceGaps.Read(r.GetString(2))), cancellationToken);

    public static StoredEntry Entry(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetFieldValue<byte[]>(1), Hash(row, 2));

    public static StoredCheckpoint Checkpoint(NpgsqlDataReader row) => Checkpoint(row, 0);

    private static LogHead ReadHead(NpgsqlDataReader row)
    {
        var size = row.GetInt64(0);
        return new LogHead(size, size == 0 ? TreeHash.Empty : Hash(row, 1), Time(row, 2), row.GetInt64(3), row.IsDBNull(4) ? null : Checkpoint(row, 4));
    }

    private static StoredCheckpoint Checkpoint(NpgsqlDataReader row, int first) => new(row.GetInt64(first), Hash(row, first + 1), Time(row, first + 2), row.GetString(first + 3));

    private static TreeHash Hash(NpgsqlDataReader row, int column) => new(row.GetFieldValue<byte[]>(column));

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}

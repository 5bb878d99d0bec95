using Compliance.Audit;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Audit.Storage.Sqlite;

/// <summary>Reads a log's file beside its writer: each read on a pooled connection of its own, which sees a committed state.</summary>
internal sealed class SqliteReads(string path) : IDisposable
{
    private readonly string _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();

    public static StoredLog ReadLog(SqliteConnection connection)
    {
        return new(ReadHead(connection), Rows(connection, "SELECT name, next, missing FROM source", static r => new SourceProgress(r.GetString(0), r.GetInt64(1), SourceGaps.Read(r.GetString(2)))));
    }

    public static LogHead ReadHead(SqliteConnection connection)
    {
        var head = Rows(connection, "SELECT size, root, recorded_at FROM head", static r => new LogHead(r.GetInt64(0), Hash(r, 1), Time(r, 2), 0, null)).FirstOrDefault(LogHead.Empty);
        return head with
        {
            PrunedTo = Rows(connection, "SELECT coalesce(max(until), 0) FROM prune", static r => r.GetInt64(0))[0],
            Checkpoint = Rows(connection, "SELECT size, root, at, note FROM checkpoint ORDER BY size DESC LIMIT 1", Checkpoint).FirstOrDefault(),
        };
    }

    public static string ReadKey(SqliteConnection connection) => Rows(connection, "SELECT key FROM identity", static r => r.GetString(0))[0];

    public IReadOnlyDictionary<Guid, long> Find(IReadOnlyCollection<Guid> events)
    {
        using var connection = Open();
        var found = new Dictionary<Guid, long>();
        foreach (var id in events)
        {
            foreach (var index in Rows(connection, "SELECT idx FROM event WHERE id = $1", static r => r.GetInt64(0), id.ToByteArray(bigEndian: true)))
            {
                found.Add(id, index);
            }
        }

        return found;
    }

    public StoredCheckpoint? Checkpoint(long size)
    {
        var found = Query("SELECT size, root, at, note FROM checkpoint WHERE size <= $1 ORDER BY size DESC LIMIT 1", Checkpoint, size);
        return found.Count == 0 ? null : found[0];
    }

    public IReadOnlyList<StoredEntry> Entries(long from, long end, int limit) =>
        Query("SELECT idx, bytes, leaf FROM entry WHERE idx >= $1 AND idx < $2 ORDER BY idx LIMIT $3", Entry, from, end, limit);

    public IReadOnlyList<StoredEntry> Entries(IReadOnlyCollection<long> indices)
    {
        using var connection = Open();
        return [.. indices.OrderDescending().SelectMany(index => Rows(connection, "SELECT idx, bytes, leaf FROM entry WHERE idx = $1", Entry, index))];
    }

    public byte[]? Tile(int level, long index)
    {
        var found = Query("SELECT hashes FROM tile WHERE level = $1 AND idx = $2", static r => r.GetFieldValue<byte[]>(0), level, index);
        return found.Count == 0 ? null : found[0];
    }

    public Posting? Posting(long segment, long term) => Query(
        "SELECT distances FROM posting WHERE segment = $1 AND term = $2", r => new Posting(segment, term, r.GetFieldValue<byte[]>(0)), segment, term).FirstOrDefault();

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>True of a file in which no log was begun.</summary>
    public static bool IsEmpty(SqliteConnection connection) => Rows(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'head'", static r => r.GetInt64(0)).Count == 0;

    /// <summary>Triggers of the file: what keeps recorded rows from being changed.</summary>
    public static List<string> Guards(SqliteConnection connection) => Rows(connection, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", static r => r.GetString(0));

    /// <summary>An entry that is stored without a head that counts it, and that head; null when there is none. In one statement, and so as of one moment.</summary>
    public (long Index, long Size)? Beyond()
    {
        var beyond = Query(
            "SELECT last, size FROM (SELECT (SELECT max(idx) FROM entry) AS last, coalesce((SELECT size FROM head), 0) AS size) WHERE last >= size", static r => (r.GetInt64(0), r.GetInt64(1)));
        return beyond.Count == 0 ? null : beyond[0];
    }

    /// <summary>Triggers of the file, by name.</summary>
    public IReadOnlyList<string> Guards()
    {
        using var connection = Open();
        return Guards(connection);
    }

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> parameters)
    {
        using var connection = Open();
        return Rows(connection, sql, read, parameters);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> parameters)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"${i + 1}"), parameters[i]);
        }

        using var reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static StoredEntry Entry(SqliteDataReader row) => new(row.GetInt64(0), row.GetFieldValue<byte[]>(1), Hash(row, 2));

    private static StoredCheckpoint Checkpoint(SqliteDataReader row) => new(row.GetInt64(0), Hash(row, 1), Time(row, 2), row.GetString(3));

    private static TreeHash Hash(SqliteDataReader row, int column) => new(row.GetFieldValue<byte[]>(column));

    private static DateTimeOffset Time(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}

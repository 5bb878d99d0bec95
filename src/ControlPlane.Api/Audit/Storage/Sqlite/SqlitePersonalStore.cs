using Compliance.Audit;
using Compliance.Audit.Personal;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Audit.Storage.Sqlite;

/// <summary>
/// Personal data in an SQLite file of their own. Erased bytes are overwritten (secure_delete) and the write-ahead log, which still has them, is
/// emptied at once. One connection does everything, so nothing else can hold an old state open.
/// </summary>
internal sealed class SqlitePersonalStore(string path) : IPersonalStore
{
    private SqliteConnection? _connection;

    public Task<byte[]?> ReadKeyAsync(string subject, CancellationToken cancellationToken) => Do(connection =>
        (byte[]?)Command(connection, "SELECT wrapped FROM subject_key WHERE subject = $1", subject).ExecuteScalar());

    public Task<bool> TryAddAsync(IReadOnlyList<WrappedKey> made, IReadOnlyList<WrappedKey> used, IReadOnlyList<SealedDatum> data, CancellationToken cancellationToken) => Do(connection =>
    {
        using var transaction = connection.BeginTransaction();
        if (used.Any(key => Command(connection, "SELECT 1 FROM subject_key WHERE subject = $1 AND wrapped = $2", key.Subject, key.Key).ExecuteScalar() is null)
            || made.Any(key => Command(connection, "INSERT OR IGNORE INTO subject_key(subject, wrapped) VALUES($1, $2)", key.Subject, key.Key).ExecuteNonQuery() == 0))
        {
            return false;
        }

        Insert(connection, [], data);
        transaction.Commit();
        return true;
    });

    public Task<byte[]?> ReadAsync(string subject, byte[] digest, CancellationToken cancellationToken) => Do(connection =>
        (byte[]?)Command(connection, "SELECT sealed FROM datum WHERE subject = $1 AND digest = $2", subject, digest).ExecuteScalar());

    public Task<IReadOnlyList<SealedDatum>> ReadAsync(string? subject, SealedDatum? after, int limit, CancellationToken cancellationToken) => Do(connection =>
    {
        using var command = subject is null
            ? Command(connection, "SELECT subject, digest, sealed FROM datum WHERE (subject, digest) > ($1, $2) ORDER BY subject, digest LIMIT $3", after?.Subject ?? "", after?.Digest ?? [], limit)
            : Command(connection, "SELECT subject, digest, sealed FROM datum WHERE subject = $1 AND digest > $2 ORDER BY digest LIMIT $3", subject, after?.Digest ?? [], limit);
        using var row = command.ExecuteReader();
        List<SealedDatum> data = [];
        while (row.Read())
        {
            data.Add(new SealedDatum(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)));
        }

        return (IReadOnlyList<SealedDatum>)data;
    });

    public Task<bool> TryReplaceAsync(string subject, SeenRecords? seen, WrappedKey? key, IReadOnlyList<SealedDatum> kept, CancellationToken cancellationToken) => Do(connection => Destroy(connection, () =>
    {
        var now = (byte[]?)Command(connection, "SELECT wrapped FROM subject_key WHERE subject = $1", subject).ExecuteScalar();
        var count = (long)Command(connection, "SELECT count(*) FROM datum WHERE subject = $1", subject).ExecuteScalar()!;
        if (seen is null ? now is not null : now is null || !now.AsSpan().SequenceEqual(seen.Key) || count != seen.Count)
        {
            return false;
        }

        Command(connection, "DELETE FROM subject_key WHERE subject = $1", subject).ExecuteNonQuery();
        Command(connection, "DELETE FROM datum WHERE subject = $1", subject).ExecuteNonQuery();
        Insert(connection, key is null ? [] : [key], kept);
        return true;
    }));

    public Task RemoveAsync(IReadOnlyList<(string Subject, byte[] Digest)> data, CancellationToken cancellationToken) => Do(connection => Destroy(connection, () =>
    {
        foreach (var (subject, digest) in data)
        {
            Command(connection, "DELETE FROM datum WHERE subject = $1 AND digest = $2", subject, digest).ExecuteNonQuery();
        }

        foreach (var subject in data.Select(static datum => datum.Subject).Distinct())
        {
            Command(connection, "DELETE FROM subject_key WHERE subject = $1 AND NOT EXISTS (SELECT 1 FROM datum WHERE datum.subject = $1)", subject).ExecuteNonQuery();
        }

        return true;
    }));

    public ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        _connection = null;
        return ValueTask.CompletedTask;
    }

    private static void Insert(SqliteConnection connection, IReadOnlyList<WrappedKey> keys, IReadOnlyList<SealedDatum> data)
    {
        foreach (var key in keys)
        {
            Command(connection, "INSERT INTO subject_key(subject, wrapped) VALUES($1, $2)", key.Subject, key.Key).ExecuteNonQuery();
        }

        foreach (var datum in data)
        {
            Command(connection, "INSERT INTO datum(subject, digest, sealed) VALUES($1, $2, $3)", datum.Subject, datum.Digest, datum.Sealed).ExecuteNonQuery();
        }
    }

    /// <summary>Destroys in one transaction, and empties the write-ahead log, which still has what was destroyed. False: the act did not want to.</summary>
    private static bool Destroy(SqliteConnection connection, Func<bool> act)
    {
        using (var transaction = connection.BeginTransaction())
        {
            if (!act())
            {
                return false;
            }

            transaction.Commit();
        }

        Command(connection, "PRAGMA wal_checkpoint(TRUNCATE)").ExecuteNonQuery();
        return true;
    }

    private Task<T> Do<T>(Func<SqliteConnection, T> act)
    {
        try
        {
            return Task.FromResult(act(_connection ??= Open()));
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            return Task.FromException<T>(SqliteFailure.Of(e, path));
        }
    }

    private SqliteConnection Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Command(
            connection,
            """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;
            CREATE TABLE IF NOT EXISTS subject_key(subject TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS datum(subject TEXT NOT NULL, digest BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY(subject, digest)) WITHOUT ROWID;
            """).ExecuteNonQuery();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"${i + 1}"), parameters[i]);
        }

        return command;
    }
}

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

        foreach (var datum in data)
        {
            Command(connection, "INSERT INTO datum(subject, digest, sealed) VALUES($1, $2, $3)", datum.Subject, datum.Digest, datum.Sealed).ExecuteNonQuery();
        }

        transaction.Commit();
        return true;
    });

    public Task<byte[]?> ReadAsync(string subject, byte[] digest, CancellationToken cancellationToken) => Do(connection =>
        (byte[]?)Command(connection, "SELECT sealed FROM datum WHERE subject = $1 AND digest = $2", subject, digest).ExecuteScalar());

    public Task<int> EraseAsync(string subject, CancellationToken cancellationToken) => Do(connection =>
    {
        using (var transaction = connection.BeginTransaction())
        {
            Command(connection, "DELETE FROM subject_key WHERE subject = $1", subject).ExecuteNonQuery();
            var erased = Command(connection, "DELETE FROM datum WHERE subject = $1", subject).ExecuteNonQuery();
            transaction.Commit();
            Command(connection, "PRAGMA wal_checkpoint(TRUNCATE)").ExecuteNonQuery();
            return erased;
        }
    });

    public ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        _connection = null;
        return ValueTask.CompletedTask;
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

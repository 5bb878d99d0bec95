using ControlPlane.Kubernetes.Resources;
using Microsoft.Data.Sqlite;

namespace LocalCluster.Storage;

/// <summary>
/// Keeps the objects in one SQLite file. The write-ahead log makes a commit durable against the death of the process; it is not flushed
/// to the disk at each commit, so that a power cut may lose the last moments, but never leaves a damaged file.
/// </summary>
internal sealed class SqliteJournal : IJournal
{
    // "dabb": a file with another mark was not written by this program and must not be touched.
    private const int ApplicationId = 0x64616262;
    private const int LayoutVersion = 1;

    private readonly string _path;
    private SqliteConnection? _connection;
    private SqliteCommand? _put;
    private SqliteCommand? _remove;
    private SqliteCommand? _setRevision;

    /// <param name="path">The file; it need not exist, its directory must.</param>
    public SqliteJournal(string path) => _path = path;

    private SqliteConnection Connection => _connection ?? throw new InvalidOperationException("the journal was not loaded");

    /// <inheritdoc/>
    public JournalContent Load()
    {
        try
        {
            // What is there is read before the file is opened for writing, since opening it may already change a damaged one.
            var content = File.Exists(_path) ? Read() : new JournalContent(0, []);
            OpenForWriting();
            return content;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED)
        {
            throw new DamagedStoreException($"{_path} is in use by another process; stop it, or choose another data directory", e);
        }
        catch (Exception e) when (e is SqliteException or System.Text.Json.JsonException or FormatException)
        {
            throw new DamagedStoreException(
                $"{_path} is damaged ({e.Message}); it was left as it is. Restore it from a backup, or move it away to begin anew", e);
        }
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<(string Resource, WatchEvent Change)> changes, long revision)
    {
        using var transaction = Connection.BeginTransaction(deferred: true);
        foreach (var (resource, change) in changes)
        {
            var command = change.Type == WatchEventType.Deleted ? _remove! : _put!;
            command.Transaction = transaction;
            command.Parameters[0].Value = resource;
            command.Parameters[1].Value = change.Object.Key.Namespace;
            command.Parameters[2].Value = change.Object.Key.Name;
            if (change.Type != WatchEventType.Deleted)
            {
                command.Parameters[3].Value = change.Object.Json;
            }

            command.ExecuteNonQuery();
        }

        _setRevision!.Transaction = transaction;
        _setRevision.Parameters[0].Value = revision;
        _setRevision.ExecuteNonQuery();
        transaction.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _put?.Dispose();
        _remove?.Dispose();
        _setRevision?.Dispose();
        _connection?.Dispose();
    }

    private JournalContent Read()
    {
        using var connection = Open(SqliteOpenMode.ReadOnly);
        if (Scalar(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new DamagedStoreException($"{_path} is not a cluster store; it was left as it is. Move it away, or choose another data directory");
        }

        if (Scalar(connection, "PRAGMA user_version") is var layout && layout != LayoutVersion)
        {
            throw new DamagedStoreException(
                $"{_path} has layout {layout}, and this version reads {LayoutVersion}; it was left as it is. Move it away to begin anew");
        }

        var objects = new List<(string, StoredObject)>();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT resource, json FROM objects";
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            objects.Add((string.Intern(reader.GetString(0)), StoredObject.Read(reader.GetFieldValue<byte[]>(1))));
        }

        return new JournalContent(Scalar(connection, "SELECT revision FROM store"), objects);
    }

    private void OpenForWriting()
    {
        _connection = Open(SqliteOpenMode.ReadWriteCreate);
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = NORMAL");
        Execute($"""
            BEGIN IMMEDIATE;
            PRAGMA application_id = {ApplicationId};
            PRAGMA user_version = {LayoutVersion};
            CREATE TABLE IF NOT EXISTS objects(resource TEXT, namespace TEXT, name TEXT, json BLOB NOT NULL, PRIMARY KEY(resource, namespace, name));
            CREATE TABLE IF NOT EXISTS store(id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL);
            INSERT OR IGNORE INTO store VALUES (1, 0);
            COMMIT;
            """);
        _put = Prepare("INSERT OR REPLACE INTO objects VALUES ($resource, $namespace, $name, $json)", "$resource", "$namespace", "$name", "$json");
        _remove = Prepare("DELETE FROM objects WHERE resource = $resource AND namespace = $namespace AND name = $name", "$resource", "$namespace", "$name");
        _setRevision = Prepare("UPDATE store SET revision = $revision", "$revision");
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }
}

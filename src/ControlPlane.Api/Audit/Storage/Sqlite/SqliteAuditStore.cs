using Compliance.Audit;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Audit.Storage.Sqlite;

/// <summary>
/// A log in an SQLite file: write-ahead log with synchronous=FULL, so that a commit is one fsync. One process has it, and a second is refused. SQLite
/// works synchronously; the tasks are complete when they are returned.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class SqliteAuditStore(string path) : IAuditStore
{
    private const int ProbeBytes = 1 << 20;

    private readonly SqliteReads _reads = new(path);
    private FileStream? _lock;
    private SqliteConnection? _connection;
    private SqliteAppend? _append;

    /// <summary>Pages that the file may have; for tests of a full disk.</summary>
    public int? MaxPages { get; set; }

    public Task<StoredLog> OpenAsync(string key, CancellationToken cancellationToken) => DoAsync(() =>
    {
        Close();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        TakeLock();
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA busy_timeout=5000");
        var missing = CreateMissing(key);
        ApplyLimit();
        _append = new SqliteAppend(_connection);
        return SqliteReads.ReadLog(_connection) with { Damage = [.. missing.Select(StoreFindings.GuardGone)] };
    });

    public Task AppendAsync(LogBatch batch, CancellationToken cancellationToken) => DoAsync(() =>
    {
        ApplyLimit();
        return InTransaction(() => (_append ?? throw NotOpen()).Run(batch));
    });

    public Task<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken) => throw new NotSupportedException("one process has the file: it is never refused a batch, and needs no turn");

    public Task<LogHead> ReadHeadAsync(CancellationToken cancellationToken) => DoAsync(() => SqliteReads.ReadHead(_connection ?? throw NotOpen()));

    public Task WaitForOthersAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

    public Task<IReadOnlyList<string>> InspectAsync(CancellationToken cancellationToken) => DoAsync(() => StoreFindings.Of(_reads.Beyond(), SqliteSchema.Guards.Except(_reads.Guards())));

    public Task<IReadOnlyDictionary<Guid, long>> FindAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken) => DoAsync(() => _reads.Find(events));

    public Task<StoredCheckpoint> SaveCheckpointAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken) => DoAsync(() => InTransaction(() =>
    {
        using var insert = new SqliteStatement(
            _connection!, "INSERT INTO checkpoint(size, root, at, note) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM checkpoint WHERE size >= ?1)");
        insert.Bind(1, checkpoint.Size).Bind(2, checkpoint.Root.Bytes).Bind(3, checkpoint.At.ToUnixTimeMilliseconds()).BindText(4, checkpoint.Note).Run();
        return SqliteReads.ReadHead(_connection!).Checkpoint!;
    }));

    public Task<StoredCheckpoint?> ReadCheckpointAsync(long size, CancellationToken cancellationToken) => DoAsync(() => _reads.Checkpoint(size));

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(long from, long end, int limit, CancellationToken cancellationToken) => DoAsync(() => _reads.Entries(from, end, limit));

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(IReadOnlyCollection<long> indices, CancellationToken cancellationToken) => DoAsync(() => _reads.Entries(indices));

    public Task<byte[]?> ReadTileAsync(int level, long index, CancellationToken cancellationToken) => DoAsync(() => _reads.Tile(level, index));

    public Task<Posting?> ReadPostingAsync(long segment, long term, CancellationToken cancellationToken) => DoAsync(() => _reads.Posting(segment, term));

    /// <summary>A write into the file may find room that it had already; a file beside it shows whether the disk has any.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => DoAsync(() =>
    {
        using (var file = new FileStream($"{path}.probe", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            file.Write(new byte[ProbeBytes]);
            file.Flush(flushToDisk: true);
        }

        ApplyLimit();
        return InTransaction(() => Run("INSERT INTO probe(one) VALUES(1) ON CONFLICT(one) DO UPDATE SET writes = writes + 1"));
    });

    public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => DoAsync(() => InTransaction(() =>
    {
        if (SqliteReads.ReadHead(_connection!).PrunedTo >= end)
        {
            return;
        }

        using (var certify = new SqliteStatement(_connection!, "INSERT INTO prune(until, certificate) VALUES(?1, ?2)"))
        {
            certify.Bind(1, end).Bind(2, certificate).Run();
        }

        // Of a segment that is pruned in part the postings stay: readers pass over entries that are gone.
        Delete("DELETE FROM entry WHERE idx < ?1", end);
        Delete("DELETE FROM event WHERE idx < ?1", end);
        Delete("DELETE FROM posting WHERE segment < ?1", Posting.SegmentOf(end));
    }));

    public ValueTask DisposeAsync()
    {
        _reads.Dispose();
        Close(); // last: only a writer that closes last brings all into the one file
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes the tables and triggers that are not there, and names the triggers that were missing from a log.</summary>
    private IEnumerable<string> CreateMissing(string key)
    {
        Run("BEGIN IMMEDIATE");
        var before = SqliteReads.Guards(_connection!);
        var isNew = SqliteReads.IsEmpty(_connection!);
        Run(SqliteSchema.Create);
        try
        {
            Claim(key);
        }
        catch (AuditUnavailableException)
        {
            Close(); // whoever has the log's key may have the file
            throw;
        }

        Run("COMMIT");
        return isNew ? [] : SqliteReads.Guards(_connection!).Except(before);
    }

    private bool InTransaction(Action act) => InTransaction(() =>
    {
        act();
        return true;
    });

    private T InTransaction<T>(Func<T> act)
    {
        Run("BEGIN IMMEDIATE");
        try
        {
            var result = act();
            Run("COMMIT");
            return result;
        }
        catch
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection!.Handle!) == 0) // some failures roll back by themselves
            {
                Run("ROLLBACK");
            }

            throw;
        }
    }

    private Task<T> DoAsync<T>(Func<T> act)
    {
        try
        {
            return Task.FromResult(act());
        }
        catch (DuplicateEventException e)
        {
            return Task.FromException<T>(e);
        }
        catch (AuditUnavailableException e)
        {
            return Task.FromException<T>(e);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            return Task.FromException<T>(SqliteFailure.Of(e, path));
        }
    }

    private void TakeLock()
    {
        try
        {
            _lock = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists($"{path}.lock"))
        {
            throw new AuditUnavailableException($"another process has the audit log {path}: a log in SQLite takes one; stop the other, give this one a directory of its own, or keep the log in PostgreSQL, which takes several", e);
        }
    }

    private void Claim(string key)
    {
        using (var claim = new SqliteStatement(_connection!, "INSERT INTO identity(one, key) VALUES(1, ?1) ON CONFLICT DO NOTHING"))
        {
            claim.BindText(1, key).Run();
        }

        LogKeys.Check(SqliteReads.ReadKey(_connection!), key);
    }

    private void ApplyLimit()
    {
        if (MaxPages is { } pages)
        {
            Run(FormattableString.Invariant($"PRAGMA max_page_count={pages}"));
        }
    }

    private void Delete(string sql, long before)
    {
        using var delete = new SqliteStatement(_connection!, sql);
        delete.Bind(1, before).Run();
    }

    private void Run(string sql)
    {
        using var command = (_connection ?? throw NotOpen()).CreateCommand();
#pragma warning disable CA2100 // constants of this file and the schema
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private AuditUnavailableException NotOpen() => new($"the audit log's database {path} is not open");

    private void Close()
    {
        _append?.Dispose();
        _connection?.Dispose();
        _lock?.Dispose();
        (_append, _connection, _lock) = (null, null, null);
    }
}

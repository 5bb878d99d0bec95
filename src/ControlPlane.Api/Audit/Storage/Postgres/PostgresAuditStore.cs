using Compliance.Audit;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>
/// A log in PostgreSQL, to which several processes append: the row of its head orders their batches (docs/adr/0017). No lock outlives a transaction, so
/// a process that is killed holds nobody up.
/// </summary>
/// <param name="connectionString">As whom the program works.</param>
/// <param name="ownerConnectionString">As whom the tables are made, when that is another role; null when it is the same.</param>
internal sealed class PostgresAuditStore(string connectionString, string? ownerConnectionString = null) : IAuditStore
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);
    private readonly string _self = Guid.NewGuid().ToString("N");
    private PostgresNews? _news;
    private PostgresWriter? _writer;

    public Task<StoredLog> OpenAsync(string key, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await CloseWriterAsync();
        var gone = await MakeAsync(cancellationToken);
        var writer = await PostgresWriter.OpenAsync(_source, cancellationToken);
        _writer = writer;
        LogKeys.Check(await writer.RunAsync(connection => ClaimAsync(connection, key, cancellationToken), cancellationToken), key);
        return await writer.ReadAsync(
            async connection => new StoredLog(await PostgresReads.ReadHeadAsync(connection, cancellationToken), await PostgresReads.ReadSourcesAsync(connection, cancellationToken))
            {
                Damage = [.. gone.Select(StoreFindings.GuardGone)],
            },
            cancellationToken);
    });

    public Task AppendAsync(LogBatch batch, CancellationToken cancellationToken) => TryAsync(() => Writer.RunAsync(
        async connection =>
        {
            await PostgresAppend.RunAsync(connection, batch, _self, cancellationToken);
            return batch.Size;
        },
        cancellationToken));

    public Task<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken) => TryAsync(() => Writer.TakeTurnAsync(cancellationToken));

    public Task<LogHead> ReadHeadAsync(CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        return await PostgresReads.ReadHeadAsync(connection, cancellationToken);
    });

    public Task WaitForOthersAsync(CancellationToken cancellationToken) => TryAsync(async () =>
    {
        _news ??= new PostgresNews(connectionString, _self);
        await _news.WaitAsync(cancellationToken);
        return true;
    });

    public Task<IReadOnlyList<string>> InspectAsync(CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        var beyond = await connection.RowsAsync(PostgresReads.Beyond, static r => (r.GetInt64(0), r.GetInt64(1)), cancellationToken);
        return StoreFindings.Of(beyond.Count == 0 ? null : beyond[0], await PostgresSetup.MissingGuardsAsync(connection, cancellationToken));
    });

    public Task<IReadOnlyDictionary<Guid, long>> FindAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken) =>
        TryAsync<IReadOnlyDictionary<Guid, long>>(async () =>
        {
            var rows = await _source.RowsAsync("SELECT id, idx FROM audit.event WHERE id = ANY($1)", static r => KeyValuePair.Create(r.GetGuid(0), r.GetInt64(1)), cancellationToken, (object)events.ToArray());
            return new Dictionary<Guid, long>(rows);
        });

    public Task<StoredCheckpoint> SaveCheckpointAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken) => TryAsync(() => Writer.RunBetweenBatchesAsync(
        async connection =>
        {
            await connection.ExecuteAsync(
                "INSERT INTO audit.checkpoint(size, root, at, note) SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM audit.checkpoint WHERE size >= $1)",
                cancellationToken,
                checkpoint.Size,
                checkpoint.Root.Bytes.ToArray(),
                checkpoint.At.ToUnixTimeMilliseconds(),
                checkpoint.Note);
            return (await PostgresReads.ReadHeadAsync(connection, cancellationToken)).Checkpoint!;
        },
        cancellationToken));

    public Task<StoredCheckpoint?> ReadCheckpointAsync(long size, CancellationToken cancellationToken) => TryAsync(async () =>
        (await _source.RowsAsync(
            "SELECT size, root, at, note FROM audit.checkpoint WHERE size <= $1 ORDER BY size DESC LIMIT 1", PostgresReads.Checkpoint, cancellationToken, size)).FirstOrDefault());

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(long from, long end, int limit, CancellationToken cancellationToken) =>
        EntriesAsync("SELECT idx, bytes, leaf FROM audit.entry WHERE idx >= $1 AND idx < $2 ORDER BY idx LIMIT $3", cancellationToken, from, end, limit);

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(IReadOnlyCollection<long> indices, CancellationToken cancellationToken) =>
        EntriesAsync("SELECT idx, bytes, leaf FROM audit.entry WHERE idx = ANY($1) ORDER BY idx DESC", cancellationToken, (object)indices.ToArray());

    public Task<byte[]?> ReadTileAsync(int level, long index, CancellationToken cancellationToken) => TryAsync(async () =>
        (await _source.RowsAsync("SELECT hashes FROM audit.tile WHERE level = $1 AND idx = $2", static r => r.GetFieldValue<byte[]>(0), cancellationToken, level, index)).FirstOrDefault());

    public Task<Posting?> ReadPostingAsync(long segment, long term, CancellationToken cancellationToken) => TryAsync(async () =>
        (await _source.RowsAsync(
            "SELECT distances FROM audit.posting WHERE segment = $1 AND term = $2",
            r => new Posting(segment, term, r.GetFieldValue<byte[]>(0)),
            cancellationToken,
            segment,
            term)).FirstOrDefault());

    public Task ProbeAsync(CancellationToken cancellationToken) => TryAsync(() => Writer.RunAsync(
        connection => connection.ExecuteAsync("INSERT INTO audit.probe(one) VALUES(1) ON CONFLICT(one) DO UPDATE SET writes = probe.writes + 1", cancellationToken), cancellationToken));

    public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => TryAsync(() => Writer.RunBetweenBatchesAsync(
        async connection =>
        {
            if (await connection.ScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM audit.prune WHERE until >= $1)", cancellationToken, end))
            {
                return false;
            }

            await connection.ExecuteAsync("INSERT INTO audit.prune(until, certificate) VALUES($1, $2)", cancellationToken, end, certificate);
            await connection.ExecuteAsync("DELETE FROM audit.entry WHERE idx < $1", cancellationToken, end);
            await connection.ExecuteAsync("DELETE FROM audit.event WHERE idx < $1", cancellationToken, end);
            await connection.ExecuteAsync("DELETE FROM audit.posting WHERE segment < $1", cancellationToken, Posting.SegmentOf(end)); // readers pass over entries that are gone
            await connection.ExecuteAsync(PostgresNews.Tell, cancellationToken, _self);
            return true;
        },
        cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await CloseWriterAsync();
        if (_news is { } news)
        {
            await news.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    private PostgresWriter Writer => _writer ?? throw new AuditUnavailableException("the audit log's PostgreSQL database is not open");

    /// <returns>Guards that were gone from a log that had them, and are back.</returns>
    private async Task<IReadOnlyList<string>> MakeAsync(CancellationToken cancellationToken)
    {
        string role;
        await using (var connection = await _source.OpenConnectionAsync(cancellationToken))
        {
            role = await connection.ScalarAsync<string>("SELECT quote_ident(current_user)", cancellationToken);
        }

        // Not from a pool: after a failure the pooled ones may be as dead as the writer's.
        await using var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString ?? connectionString) { Pooling = false }.ToString());
        await owner.OpenAsync(cancellationToken);
        return await PostgresSetup.RunAsync(owner, role, cancellationToken);
    }

    /// <summary>The log's key: this one if nobody opened the log before.</summary>
    private static async Task<string> ClaimAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("INSERT INTO audit.identity(one, key) VALUES(1, $1) ON CONFLICT DO NOTHING", cancellationToken, key);
        return await connection.ScalarAsync<string>("SELECT key FROM audit.identity", cancellationToken);
    }

    private Task<IReadOnlyList<StoredEntry>> EntriesAsync(string sql, CancellationToken cancellationToken, params object[] parameters) =>
        TryAsync<IReadOnlyList<StoredEntry>>(async () => await _source.RowsAsync(sql, PostgresReads.Entry, cancellationToken, parameters));

    private static async Task<T> TryAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "event_pkey" })
        {
            throw new DuplicateEventException();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
        {
            throw PostgresFailure.Of(e);
        }
    }

    private async Task CloseWriterAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync();
        }
    }
}

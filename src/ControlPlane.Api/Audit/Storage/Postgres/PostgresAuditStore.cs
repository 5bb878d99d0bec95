using System.Data;
using Compliance.Audit;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>
/// A log in PostgreSQL. The writer holds an advisory lock on its one connection: with the connection it loses the lock, and every batch also
/// demands that the log still has the size that the writer knows, so that a writer which was cut off can't write beside its successor.
/// </summary>
/// <param name="connectionString">As whom the program works.</param>
/// <param name="ownerConnectionString">As whom the tables are made, when that is another role; null when it is the same.</param>
internal sealed class PostgresAuditStore(string connectionString, string? ownerConnectionString = null) : IAuditStore
{
    private const long LockKey = 0x4441_4242_4157_414c; // "DABBAWAL"

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);
    private NpgsqlConnection? _writer;

    public Task<StoredLog> OpenAsync(CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await CloseWriterAsync();
        var writer = await _source.OpenConnectionAsync(cancellationToken);
        _writer = writer;
        if (!await ScalarAsync<bool>(writer, "SELECT pg_try_advisory_lock($1)", cancellationToken, LockKey))
        {
            await CloseWriterAsync();
            throw new AuditUnavailableException("another process writes the audit log in this PostgreSQL database: a log has one writer; stop the other one, or give this one a database of its own");
        }

        await CreateAsync(cancellationToken);
        await ExecuteAsync(writer, "SET synchronous_commit = on", cancellationToken);
        return await PostgresReads.ReadLogAsync(writer, cancellationToken);
    });

    public Task AppendAsync(LogBatch batch, CancellationToken cancellationToken) => TryAsync(() => InTransactionAsync(writer => AppendAsync(writer, batch, cancellationToken), cancellationToken));

    public Task<IReadOnlyDictionary<Guid, long>> FindAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken) =>
        TryAsync<IReadOnlyDictionary<Guid, long>>(async () =>
        {
            var rows = await PostgresReads.RowsAsync(
                _source, "SELECT id, idx FROM audit.event WHERE id = ANY($1)", static r => KeyValuePair.Create(r.GetGuid(0), r.GetInt64(1)), cancellationToken, (object)events.ToArray());
            return new Dictionary<Guid, long>(rows);
        });

    public Task SaveCheckpointAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken) => TryAsync(() => InTransactionAsync(
        writer => ExecuteAsync(
            writer,
            "INSERT INTO audit.checkpoint(size, root, at, note) VALUES($1, $2, $3, $4)",
            cancellationToken,
            checkpoint.Size,
            checkpoint.Root.Bytes.ToArray(),
            checkpoint.At.ToUnixTimeMilliseconds(),
            checkpoint.Note),
        cancellationToken));

    public Task<StoredCheckpoint?> ReadCheckpointAsync(long size, CancellationToken cancellationToken) => TryAsync(async () =>
        (await PostgresReads.RowsAsync(
            _source, "SELECT size, root, at, note FROM audit.checkpoint WHERE size <= $1 ORDER BY size DESC LIMIT 1", PostgresReads.Checkpoint, cancellationToken, size)).FirstOrDefault());

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(long from, long end, int limit, CancellationToken cancellationToken) =>
        EntriesAsync("SELECT idx, bytes, leaf FROM audit.entry WHERE idx >= $1 AND idx < $2 ORDER BY idx LIMIT $3", cancellationToken, from, end, limit);

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(IReadOnlyCollection<long> indices, CancellationToken cancellationToken) =>
        EntriesAsync("SELECT idx, bytes, leaf FROM audit.entry WHERE idx = ANY($1) ORDER BY idx DESC", cancellationToken, (object)indices.ToArray());

    public Task<byte[]?> ReadTileAsync(int level, long index, CancellationToken cancellationToken) => TryAsync(async () =>
        (await PostgresReads.RowsAsync(
            _source, "SELECT hashes FROM audit.tile WHERE level = $1 AND idx = $2", static r => r.GetFieldValue<byte[]>(0), cancellationToken, level, index)).FirstOrDefault());

    public Task<Posting?> ReadPostingAsync(long segment, long term, CancellationToken cancellationToken) => TryAsync(async () =>
        (await PostgresReads.RowsAsync(
            _source,
            "SELECT distances FROM audit.posting WHERE segment = $1 AND term = $2",
            r => new Posting(segment, term, r.GetFieldValue<byte[]>(0)),
            cancellationToken,
            segment,
            term)).FirstOrDefault());

    public Task ProbeAsync(CancellationToken cancellationToken) => TryAsync(() => InTransactionAsync(
        writer => ExecuteAsync(writer, "INSERT INTO audit.probe(one) VALUES(1) ON CONFLICT(one) DO UPDATE SET writes = probe.writes + 1", cancellationToken), cancellationToken));

    public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => TryAsync(() => InTransactionAsync(
        async writer =>
        {
            await ExecuteAsync(writer, "INSERT INTO audit.prune(until, certificate) VALUES($1, $2)", cancellationToken, end, certificate);
            await ExecuteAsync(writer, "DELETE FROM audit.entry WHERE idx < $1", cancellationToken, end);
            await ExecuteAsync(writer, "DELETE FROM audit.event WHERE idx < $1", cancellationToken, end);
            await ExecuteAsync(writer, "DELETE FROM audit.posting WHERE segment < $1", cancellationToken, Posting.SegmentOf(end)); // readers pass over entries that are gone
        },
        cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await CloseWriterAsync();
        await _source.DisposeAsync();
    }

    private static async Task AppendAsync(NpgsqlConnection writer, LogBatch batch, CancellationToken cancellationToken)
    {
        var root = batch.Root.Bytes.ToArray();
        var moved = await ExecuteAsync(
            writer, "UPDATE audit.head SET size = $1, root = $2, recorded_at = $3 WHERE size = $4", cancellationToken, batch.Size, root, batch.RecordedAt.ToUnixTimeMilliseconds(), batch.First);
        if (moved != 1)
        {
            throw new AuditUnavailableException("another process wrote to the audit log: this one stops writing until it knows what is there");
        }

        await PostgresCopy.EventsAsync(writer, batch, cancellationToken);
        await PostgresCopy.EntriesAsync(writer, batch, cancellationToken);
        await PostgresCopy.PostingsAsync(writer, batch, cancellationToken);
        foreach (var tile in batch.Tiles)
        {
            await ExecuteAsync(writer, "INSERT INTO audit.tile(level, idx, hashes) VALUES($1, $2, $3)", cancellationToken, tile.Level, tile.Index, tile.Hashes);
        }

        foreach (var source in batch.Sources)
        {
            await ExecuteAsync(
                writer,
                "INSERT INTO audit.source(name, next, missing) VALUES($1, $2, $3) ON CONFLICT(name) DO UPDATE SET next = excluded.next, missing = excluded.missing",
                cancellationToken,
                source.Source,
                source.Next,
                SourceGaps.Write(source.Missing));
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var role = await ScalarAsync<string>(_writer!, "SELECT quote_ident(current_user)", cancellationToken);
        // Not from a pool: after a failure the pooled ones may be as dead as the writer's.
        await using var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString ?? connectionString) { Pooling = false }.ToString());
        await owner.OpenAsync(cancellationToken);
        await ExecuteAsync(owner, PostgresSchema.Create, cancellationToken);
        await ExecuteAsync(owner, PostgresSchema.Rights(role), cancellationToken);
    }

    private async Task<bool> InTransactionAsync(Func<NpgsqlConnection, Task> act, CancellationToken cancellationToken)
    {
        if (_writer is not { FullState: ConnectionState.Open } writer)
        {
            throw new AuditUnavailableException("the connection to the audit log's PostgreSQL server was lost");
        }

        await using var transaction = await writer.BeginTransactionAsync(cancellationToken);
        await act(writer);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private Task<IReadOnlyList<StoredEntry>> EntriesAsync(string sql, CancellationToken cancellationToken, params object[] parameters) =>
        TryAsync<IReadOnlyList<StoredEntry>>(async () => await PostgresReads.RowsAsync(_source, sql, PostgresReads.Entry, cancellationToken, parameters));

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

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = PostgresReads.Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = PostgresReads.Command(connection, sql, parameters);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task CloseWriterAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            try
            {
                await ExecuteAsync(writer, "SELECT pg_advisory_unlock_all()", CancellationToken.None);
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                // the connection is lost, and the lock with it
            }

            await writer.DisposeAsync();
        }
    }
}

using Compliance.Audit.Personal;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>
/// Personal data in PostgreSQL, in a schema of their own. Erased rows are vacuumed away at once. The server's own write-ahead log and backups keep
/// the wrapped key until they are recycled: without the master key, which is never on the server, that is of no use.
/// </summary>
internal sealed class PostgresPersonalStore(string connectionString) : IPersonalStore
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);
    private volatile bool _isMade;

    public Task<byte[]?> ReadKeyAsync(string subject, CancellationToken cancellationToken) =>
        DoAsync(connection => BytesAsync(connection, "SELECT wrapped FROM personal.subject_key WHERE subject = $1", cancellationToken, subject), cancellationToken);

    public Task<bool> TryAddAsync(IReadOnlyList<WrappedKey> made, IReadOnlyList<WrappedKey> used, IReadOnlyList<SealedDatum> data, CancellationToken cancellationToken) => DoAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (!await AreThereAsync(connection, used, cancellationToken))
            {
                return false;
            }

            foreach (var key in made.OrderBy(static key => key.Subject, StringComparer.Ordinal)) // two processes that make the same keys must not wait for each other
            {
                if (await connection.ExecuteAsync("INSERT INTO personal.subject_key(subject, wrapped) VALUES($1, $2) ON CONFLICT DO NOTHING", cancellationToken, key.Subject, key.Key) == 0)
                {
                    return false;
                }
            }

            await InsertAsync(connection, data, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<byte[]?> ReadAsync(string subject, byte[] digest, CancellationToken cancellationToken) =>
        DoAsync(connection => BytesAsync(connection, "SELECT sealed FROM personal.datum WHERE subject = $1 AND digest = $2", cancellationToken, subject, digest), cancellationToken);

    public Task<IReadOnlyList<SealedDatum>> ReadAsync(string? subject, SealedDatum? after, int limit, CancellationToken cancellationToken) => DoAsync(
        async connection => (IReadOnlyList<SealedDatum>)(subject is null
            ? await connection.RowsAsync(
                "SELECT subject, digest, sealed FROM personal.datum WHERE (subject, digest) > ($1, $2) ORDER BY subject, digest LIMIT $3", Datum, cancellationToken, after?.Subject ?? "", after?.Digest ?? [], limit)
            : await connection.RowsAsync(
                "SELECT subject, digest, sealed FROM personal.datum WHERE subject = $1 AND digest > $2 ORDER BY digest LIMIT $3", Datum, cancellationToken, subject, after?.Digest ?? [], limit)),
        cancellationToken);

    public Task<bool> TryReplaceAsync(string subject, SeenRecords? seen, WrappedKey? key, IReadOnlyList<SealedDatum> kept, CancellationToken cancellationToken) => DestroyAsync(
        async connection =>
        {
            var keys = await connection.RowsAsync("SELECT wrapped FROM personal.subject_key WHERE subject = $1 FOR UPDATE", static row => row.GetFieldValue<byte[]>(0), cancellationToken, subject);
            var counts = await connection.RowsAsync("SELECT count(*) FROM personal.datum WHERE subject = $1", static row => row.GetInt64(0), cancellationToken, subject);
            if (seen is null ? keys is not [] : keys is not [var now] || !now.AsSpan().SequenceEqual(seen.Key) || counts is not [var count] || count != seen.Count)
            {
                return false;
            }

            await connection.ExecuteAsync("DELETE FROM personal.subject_key WHERE subject = $1", cancellationToken, subject);
            await connection.ExecuteAsync("DELETE FROM personal.datum WHERE subject = $1", cancellationToken, subject);
            if (key is not null)
            {
                await connection.ExecuteAsync("INSERT INTO personal.subject_key(subject, wrapped) VALUES($1, $2)", cancellationToken, key.Subject, key.Key);
            }

            await InsertAsync(connection, kept, cancellationToken);
            return true;
        },
        cancellationToken);

    public Task RemoveAsync(IReadOnlyList<(string Subject, byte[] Digest)> data, CancellationToken cancellationToken) => DestroyAsync(
        async connection =>
        {
            foreach (var (subject, digest) in data)
            {
                await connection.ExecuteAsync("DELETE FROM personal.datum WHERE subject = $1 AND digest = $2", cancellationToken, subject, digest);
            }

            foreach (var subject in data.Select(static datum => datum.Subject).Distinct())
            {
                await connection.ExecuteAsync(
                    "DELETE FROM personal.subject_key k WHERE k.subject = $1 AND NOT EXISTS (SELECT 1 FROM personal.datum d WHERE d.subject = $1)", cancellationToken, subject);
            }

            return true;
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static SealedDatum Datum(NpgsqlDataReader row) => new(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2));

    private static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<SealedDatum> data, CancellationToken cancellationToken)
    {
        foreach (var datum in data)
        {
            await connection.ExecuteAsync("INSERT INTO personal.datum(subject, digest, sealed) VALUES($1, $2, $3)", cancellationToken, datum.Subject, datum.Digest, datum.Sealed);
        }
    }

    /// <summary>Destroys in one transaction, and has the rows that are gone vacuumed away. False: the act did not want to.</summary>
    private Task<bool> DestroyAsync(Func<NpgsqlConnection, Task<bool>> act, CancellationToken cancellationToken) => DoAsync(
        async connection =>
        {
            await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
            {
                if (!await act(connection))
                {
                    return false;
                }

                await transaction.CommitAsync(cancellationToken);
            }

            await connection.ExecuteAsync("VACUUM personal.subject_key, personal.datum", cancellationToken);
            return true;
        },
        cancellationToken);

    private async Task<T> DoAsync<T>(Func<NpgsqlConnection, Task<T>> act, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await MakeAsync(connection, cancellationToken);
            return await act(connection);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
        {
            throw PostgresFailure.Of(e);
        }
    }

    private async Task MakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_isMade)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext('dabbawala personal setup'))", cancellationToken); // one replica at a time
            await connection.ExecuteAsync(
                """
                CREATE SCHEMA IF NOT EXISTS personal;
                CREATE TABLE IF NOT EXISTS personal.subject_key(subject text PRIMARY KEY, wrapped bytea NOT NULL);
                CREATE TABLE IF NOT EXISTS personal.datum(subject text NOT NULL, digest bytea NOT NULL, sealed bytea NOT NULL, PRIMARY KEY(subject, digest));
                """,
                cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            _isMade = true;
        }
    }

    /// <summary>Whether these keys are what they were; they stay so until the transaction ends.</summary>
    private static async Task<bool> AreThereAsync(NpgsqlConnection connection, IReadOnlyList<WrappedKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return true;
        }

        var found = await connection.RowsAsync(
            "SELECT subject, wrapped FROM personal.subject_key WHERE subject = ANY($1) ORDER BY subject FOR SHARE",
            static r => KeyValuePair.Create(r.GetString(0), r.GetFieldValue<byte[]>(1)),
            cancellationToken,
            (object)keys.Select(static key => key.Subject).ToArray());
        var now = new Dictionary<string, byte[]>(found);
        return keys.All(key => now.TryGetValue(key.Subject, out var wrapped) && wrapped.AsSpan().SequenceEqual(key.Key));
    }

    private static async Task<byte[]?> BytesAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }
}

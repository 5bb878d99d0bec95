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

    public Task AddAsync(IReadOnlyList<WrappedKey> keys, IReadOnlyList<SealedDatum> data, CancellationToken cancellationToken) => DoAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await InsertAsync(connection, keys, data, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return data.Count;
        },
        cancellationToken);

    public Task<byte[]?> ReadAsync(string subject, byte[] digest, CancellationToken cancellationToken) =>
        DoAsync(connection => BytesAsync(connection, "SELECT sealed FROM personal.datum WHERE subject = $1 AND digest = $2", cancellationToken, subject, digest), cancellationToken);

    public Task<IReadOnlyList<SealedDatum>> ReadAsync(string? subject, SealedDatum? after, int limit, CancellationToken cancellationToken) => DoAsync(
        async connection =>
        {
            await using var command = subject is null
                ? PostgresReads.Command(
                    connection, "SELECT subject, digest, sealed FROM personal.datum WHERE (subject, digest) > ($1, $2) ORDER BY subject, digest LIMIT $3", [after?.Subject ?? "", after?.Digest ?? [], limit])
                : PostgresReads.Command(
                    connection, "SELECT subject, digest, sealed FROM personal.datum WHERE subject = $1 AND digest > $2 ORDER BY digest LIMIT $3", [subject, after?.Digest ?? [], limit]);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            List<SealedDatum> data = [];
            while (await row.ReadAsync(cancellationToken))
            {
                data.Add(new SealedDatum(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)));
            }

            return (IReadOnlyList<SealedDatum>)data;
        },
        cancellationToken);

    public Task ReplaceAsync(string subject, WrappedKey? key, IReadOnlyList<SealedDatum> kept, CancellationToken cancellationToken) => DestroyAsync(
        async connection =>
        {
            await ExecuteAsync(connection, "DELETE FROM personal.subject_key WHERE subject = $1", cancellationToken, subject);
            await ExecuteAsync(connection, "DELETE FROM personal.datum WHERE subject = $1", cancellationToken, subject);
            await InsertAsync(connection, key is null ? [] : [key], kept, cancellationToken);
        },
        cancellationToken);

    public Task RemoveAsync(IReadOnlyList<(string Subject, byte[] Digest)> data, CancellationToken cancellationToken) => DestroyAsync(
        async connection =>
        {
            foreach (var (subject, digest) in data)
            {
                await ExecuteAsync(connection, "DELETE FROM personal.datum WHERE subject = $1 AND digest = $2", cancellationToken, subject, digest);
            }

            foreach (var subject in data.Select(static datum => datum.Subject).Distinct())
            {
                await ExecuteAsync(
                    connection,
                    "DELETE FROM personal.subject_key k WHERE k.subject = $1 AND NOT EXISTS (SELECT 1 FROM personal.datum d WHERE d.subject = $1)",
                    cancellationToken,
                    subject);
            }
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<WrappedKey> keys, IReadOnlyList<SealedDatum> data, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            await ExecuteAsync(connection, "INSERT INTO personal.subject_key(subject, wrapped) VALUES($1, $2)", cancellationToken, key.Subject, key.Key);
        }

        foreach (var datum in data)
        {
            await ExecuteAsync(connection, "INSERT INTO personal.datum(subject, digest, sealed) VALUES($1, $2, $3)", cancellationToken, datum.Subject, datum.Digest, datum.Sealed);
        }
    }

    /// <summary>Destroys in one transaction, and has the rows that are gone vacuumed away.</summary>
    private Task DestroyAsync(Func<NpgsqlConnection, Task> act, CancellationToken cancellationToken) => DoAsync(
        async connection =>
        {
            await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
            {
                await act(connection);
                await transaction.CommitAsync(cancellationToken);
            }

            return await ExecuteAsync(connection, "VACUUM personal.subject_key, personal.datum", cancellationToken);
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
            await ExecuteAsync(
                connection,
                """
                CREATE SCHEMA IF NOT EXISTS personal;
                CREATE TABLE IF NOT EXISTS personal.subject_key(subject text PRIMARY KEY, wrapped bytea NOT NULL);
                CREATE TABLE IF NOT EXISTS personal.datum(subject text NOT NULL, digest bytea NOT NULL, sealed bytea NOT NULL, PRIMARY KEY(subject, digest));
                """,
                cancellationToken);
            _isMade = true;
        }
    }

    private static async Task<byte[]?> BytesAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = PostgresReads.Command(connection, sql, parameters);
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = PostgresReads.Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

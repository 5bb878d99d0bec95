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
            foreach (var key in keys)
            {
                await ExecuteAsync(connection, "INSERT INTO personal.subject_key(subject, wrapped) VALUES($1, $2)", cancellationToken, key.Subject, key.Key);
            }

            foreach (var datum in data)
            {
                await ExecuteAsync(connection, "INSERT INTO personal.datum(subject, digest, sealed) VALUES($1, $2, $3)", cancellationToken, datum.Subject, datum.Digest, datum.Sealed);
            }

            await transaction.CommitAsync(cancellationToken);
            return data.Count;
        },
        cancellationToken);

    public Task<byte[]?> ReadAsync(string subject, byte[] digest, CancellationToken cancellationToken) =>
        DoAsync(connection => BytesAsync(connection, "SELECT sealed FROM personal.datum WHERE subject = $1 AND digest = $2", cancellationToken, subject, digest), cancellationToken);

    public Task<int> EraseAsync(string subject, CancellationToken cancellationToken) => DoAsync(
        async connection =>
        {
            int erased;
            await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
            {
                await ExecuteAsync(connection, "DELETE FROM personal.subject_key WHERE subject = $1", cancellationToken, subject);
                erased = await ExecuteAsync(connection, "DELETE FROM personal.datum WHERE subject = $1", cancellationToken, subject);
                await transaction.CommitAsync(cancellationToken);
            }

            await ExecuteAsync(connection, "VACUUM personal.subject_key, personal.datum", cancellationToken);
            return erased;
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

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

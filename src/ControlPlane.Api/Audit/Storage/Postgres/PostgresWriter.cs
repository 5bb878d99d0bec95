using System.Data;
using Compliance.Audit;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>
/// The one connection by which a process writes to a log, a transaction at a time. All of them begin by taking the row of the head, or its table, so that
/// writers wait for each other in one place and never in a circle.
/// </summary>
internal sealed class PostgresWriter : IAsyncDisposable
{
    /// <summary>
    /// Whoever holds the head and goes away must not keep it from the others: a process that hangs within a transaction is cut off by the server, and so
    /// is a machine that does not answer.
    /// </summary>
    private const string Settings =
        "SET synchronous_commit = on; SET idle_in_transaction_session_timeout = '30s'; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

    private readonly NpgsqlConnection _connection;
    private NpgsqlTransaction? _turn;

    private PostgresWriter(NpgsqlConnection connection) => _connection = connection;

    public static async Task<PostgresWriter> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(Settings, cancellationToken);
        return new PostgresWriter(connection);
    }

    /// <summary>Does something in a transaction: that of the turn, if one was taken, and else its own.</summary>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> act, CancellationToken cancellationToken)
    {
        var turn = _turn;
        _turn = null;
        await using var transaction = turn ?? await BeginAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var result = await act(_connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>Reads something, all as of one moment.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return await read(_connection);
    }

    /// <summary>Does something that must not come between two batches.</summary>
    public Task<T> RunBetweenBatchesAsync<T>(Func<NpgsqlConnection, Task<T>> act, CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await TakeHeadAsync(cancellationToken);
            return await act(connection);
        },
        cancellationToken);

    /// <summary>Begins the transaction of the next <see cref="RunAsync"/>, with the head in it.</summary>
    public async Task<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        _turn = await BeginAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await TakeHeadAsync(cancellationToken);
        return new Turn(this);
    }

    public async ValueTask DisposeAsync()
    {
        await EndTurnAsync();
        await _connection.DisposeAsync();
    }

    private async Task<NpgsqlTransaction> BeginAsync(IsolationLevel isolation, CancellationToken cancellationToken) =>
        _connection.FullState == ConnectionState.Open
            ? await _connection.BeginTransactionAsync(isolation, cancellationToken)
            : throw new AuditUnavailableException("the connection to the audit log's PostgreSQL server was lost");

    private Task TakeHeadAsync(CancellationToken cancellationToken) => _connection.ExecuteAsync("SELECT 1 FROM audit.head FOR UPDATE", cancellationToken);

    private async Task EndTurnAsync()
    {
        if (_turn is { } turn)
        {
            _turn = null;
            await turn.DisposeAsync();
        }
    }

    private sealed class Turn(PostgresWriter writer) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await writer.EndTurnAsync();
    }
}

using System.Data;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>
/// Hears from the server when another process appends (LISTEN): each append tells so in its transaction (NOTIFY), and so exactly when it is to be seen.
/// </summary>
/// <param name="connectionString">Where to listen. The connection is one of its own: it waits for ever.</param>
/// <param name="self">What this process signs its own news with.</param>
internal sealed class PostgresNews(string connectionString, string self) : IAsyncDisposable
{
    /// <summary>Statement that tells the news when its transaction commits; the parameter is who tells.</summary>
    public const string Channel = "dabbawala_audit";

    /// <summary>Tells the news of whatever else a transaction does to a log; the parameter is who tells.</summary>
    public const string Tell = $"SELECT pg_notify('{Channel}', $1)";

    private const int KeepAliveSeconds = 30; // else a connection that nobody ends properly would be waited on for ever

    private NpgsqlConnection? _connection;
    private bool _hasNews;

    /// <summary>Completes when another process appended since the last call, and right after it begins to listen: news from before were not heard.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_connection is not { FullState: ConnectionState.Open } connection)
        {
            await ListenAsync(cancellationToken);
            return;
        }

        while (!_hasNews)
        {
            await connection.WaitAsync(cancellationToken);
        }

        _hasNews = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = KeepAliveSeconds }.ToString());
        _connection = connection;
        connection.Notification += (_, news) => _hasNews |= news.Payload != self;
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync($"LISTEN {Channel}", cancellationToken);
        _hasNews = false;
    }
}

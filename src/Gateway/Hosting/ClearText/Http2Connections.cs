using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Hosting.ClearText;

/// <summary>
/// A socket without TLS takes both versions of HTTP. The server has one version for each place that it listens on, so connections that turn
/// out to be HTTP/2 are lent to a second place, which is nowhere but in this process.
/// </summary>
internal sealed class Http2Connections : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<ConnectionContext> _lent = Channel.CreateUnbounded<ConnectionContext>();

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new Inside();

    /// <summary>Serves a connection until it is over. The first bytes must not take longer than <paramref name="patience"/>.</summary>
    /// <param name="connection">A connection of which nothing was read.</param>
    /// <param name="http1">Serves those that are not HTTP/2.</param>
    /// <param name="patience">How long a client may be silent.</param>
    /// <param name="time">Clock.</param>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http1, TimeSpan patience, TimeProvider time)
    {
        bool isHttp2;
        try
        {
            using var limit = new CancellationTokenSource(patience, time);
            isHttp2 = await Http2Preface.IsNextAsync(connection.Transport.Input, limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return; // silent, or gone
        }

        if (!isHttp2)
        {
            await http1(connection);
            return;
        }

        var lent = new LentConnection(connection);
        if (_lent.Writer.TryWrite(lent)) // not when the server ends
        {
            await lent.Returned;
        }
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint == EndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _lent.Reader.WaitToReadAsync(cancellationToken) && _lent.Reader.TryRead(out var connection) ? connection : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _lent.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Inside : EndPoint
    {
        public override string ToString() => "HTTP/2 without TLS";
    }
}

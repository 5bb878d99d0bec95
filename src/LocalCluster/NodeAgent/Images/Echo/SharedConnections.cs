using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>Brings the connections of many sockets, which come and go, to one HTTP server as if they came from one.</summary>
internal sealed class SharedConnections : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();
    private readonly SocketConnectionContextFactory _contexts;

    public SharedConnections(ILoggerFactory loggers) =>
        _contexts = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<SharedConnections>());

    /// <summary>What the server is told to listen on.</summary>
    public static EndPoint Inside { get; } = new Nowhere();

    EndPoint IConnectionListener.EndPoint => Inside;

    /// <summary>Opens the sockets of one service.</summary>
    /// <exception cref="IOException">An address is taken.</exception>
    public IRunningContainer Listen(EchoInstance instance, IReadOnlyList<IPEndPoint> endpoints)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach (var endpoint in endpoints)
            {
                sockets.Add(Bind(endpoint));
            }
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }

        return new EchoListeners(instance, sockets, _contexts, _accepted.Writer);
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is Nowhere;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var connection) ? connection : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _contexts.Dispose();
        return ValueTask.CompletedTask;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The listeners own the socket.")]
    private static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen();
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"can't listen on {endpoint}: {e.Message}", e);
        }
    }

    private sealed class Nowhere : EndPoint
    {
        public override string ToString() => "echo services";
    }
}

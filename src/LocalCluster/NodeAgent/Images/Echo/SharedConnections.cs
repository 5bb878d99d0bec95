using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>Brings the connections of many sockets, which come and go, to one HTTP server as if they came from two: one for each version of HTTP.</summary>
internal sealed class SharedConnections : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly SocketConnectionContextFactory _contexts;

    public SharedConnections(ILoggerFactory loggers) =>
        _contexts = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<SharedConnections>());

    /// <summary>Connections with HTTP/1.1.</summary>
    public AcceptedConnections Http1 { get; } = new("echo services");

    /// <summary>Connections with HTTP/2 from their first byte.</summary>
    public AcceptedConnections Http2 { get; } = new("echo services, HTTP/2");

    /// <summary>Opens the sockets of one service.</summary>
    /// <param name="instance">The service.</param>
    /// <param name="http1">Where it speaks HTTP/1.1.</param>
    /// <param name="http2">Where it speaks HTTP/2.</param>
    /// <exception cref="IOException">An address is taken.</exception>
    public IRunningContainer Listen(EchoInstance instance, IReadOnlyList<IPEndPoint> http1, IReadOnlyList<IPEndPoint> http2)
    {
        var sockets = new List<EchoSocket>();
        try
        {
            sockets.AddRange(http1.Select(endpoint => new EchoSocket(Bind(endpoint), Http1.Writer)));
            sockets.AddRange(http2.Select(endpoint => new EchoSocket(Bind(endpoint), Http2.Writer)));
        }
        catch
        {
            sockets.ForEach(socket => socket.Socket.Dispose());
            throw;
        }

        return new EchoListeners(instance, sockets, _contexts);
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint == Http1.EndPoint || endpoint == Http2.EndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(endpoint == Http1.EndPoint ? Http1 : Http2);

    /// <inheritdoc/>
    public void Dispose() => _contexts.Dispose();

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
}

using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>The sockets of one echo service and the connections that came in by them.</summary>
internal sealed class EchoListeners : IRunningContainer
{
    private readonly EchoInstance _instance;
    private readonly List<EchoSocket> _sockets;
    private readonly SocketConnectionContextFactory _contexts;
    private readonly ConcurrentDictionary<ConnectionContext, Task> _open = [];
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EchoListeners(EchoInstance instance, List<EchoSocket> sockets, SocketConnectionContextFactory contexts)
    {
        _instance = instance;
        _sockets = sockets;
        _contexts = contexts;
        _sockets.ForEach(socket => _ = AcceptAsync(socket));
    }

    /// <inheritdoc/>
    public Task<int> Exited => _exited.Task;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken kill)
    {
        _sockets.ForEach(socket => socket.Socket.Dispose());
        foreach (var connection in _open.Keys)
        {
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        try
        {
            await Task.WhenAll(_open.Values).WaitAsync(kill);
            _exited.TrySetResult(0);
        }
        catch (OperationCanceledException)
        {
            // Whoever stops us ends what is left.
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Socket.Dispose());
        foreach (var connection in _open.Keys)
        {
            connection.Abort();
        }

        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(EchoSocket socket)
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await socket.Socket.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException { SocketErrorCode: SocketError.OperationAborted } or ObjectDisposedException)
            {
                return; // closed by us
            }
            catch (SocketException)
            {
                continue; // the caller went away before it was let in
            }

            accepted.NoDelay = true;
            Take(_contexts.Create(accepted), socket.Accepted);
        }
    }

    private void Take(ConnectionContext connection, ChannelWriter<ConnectionContext> accepted)
    {
        connection.Features.Set(_instance);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[connection] = closed.Task;
        connection.ConnectionClosed.Register(() =>
        {
            _open.TryRemove(connection, out _);
            closed.SetResult();
        });
        accepted.TryWrite(connection);
    }
}

/// <summary>A socket that an echo service listens on.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Accepted">Takes its connections to the server that speaks their protocol.</param>
internal sealed record EchoSocket(Socket Socket, ChannelWriter<ConnectionContext> Accepted);

using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>Connections that sockets of echo services have accepted, on their way to the HTTP server.</summary>
/// <param name="name">What the server's log calls them.</param>
internal sealed class AcceptedConnections(string name) : IConnectionListener
{
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>Takes connections.</summary>
    public ChannelWriter<ConnectionContext> Writer => _accepted.Writer;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new Nowhere(name);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var connection) ? connection : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Nowhere(string name) : EndPoint
    {
        public override string ToString() => name;
    }
}

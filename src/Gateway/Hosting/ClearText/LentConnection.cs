using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Hosting.ClearText;

/// <summary>A connection in the hands of somebody who is not to end it: disposing gives it back.</summary>
internal sealed class LentConnection(ConnectionContext connection) : ConnectionContext
{
    private readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it was given back.</summary>
    public Task Returned => _returned.Task;

    public override string ConnectionId { get; set; } = connection.ConnectionId;

    /// <summary>Those of the connection; what is set here stays here.</summary>
    public override IFeatureCollection Features { get; } = new FeatureCollection(connection.Features);

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; } = connection.Transport;

    public override CancellationToken ConnectionClosed { get; set; } = connection.ConnectionClosed;

    public override EndPoint? LocalEndPoint { get; set; } = connection.LocalEndPoint;

    public override EndPoint? RemoteEndPoint { get; set; } = connection.RemoteEndPoint;

    public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);

    public override ValueTask DisposeAsync()
    {
        _returned.TrySetResult();
        return base.DisposeAsync(); // which does nothing
    }
}

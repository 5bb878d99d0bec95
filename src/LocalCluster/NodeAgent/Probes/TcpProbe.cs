using System.Net;
using System.Net.Sockets;

namespace LocalCluster.NodeAgent.Probes;

/// <summary>Passes when a connection can be opened.</summary>
/// <param name="endpoint">Where, as it is dialled.</param>
/// <param name="shown">Where, as people know it.</param>
internal sealed class TcpProbe(EndPoint endpoint, string shown) : IProbe
{
    /// <inheritdoc/>
    public async Task<ProbeFinding> AskAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, limit.Token);
            return new ProbeFinding(ProbeOutcome.Success);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeFinding(ProbeOutcome.Failure, $"dial tcp {shown}: i/o timeout");
        }
        catch (SocketException e)
        {
            var problem = e.SocketErrorCode == SocketError.ConnectionRefused ? "connect: connection refused" : e.Message;
            return new ProbeFinding(ProbeOutcome.Failure, $"dial tcp {shown}: {problem}");
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace LocalCluster.NodeAgent.Network;

/// <summary>
/// Connections that come from a pod's own address, as they do in a cluster: whoever is called on this machine can tell by it who calls, and the gateway
/// does.
/// </summary>
internal static class PodConnections
{
    public static SocketsHttpHandler From(IPAddress pod) => new()
    {
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(pod, context.DnsEndPoint, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(IPAddress pod, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var isLoopback = IPAddress.TryParse(target.Host, out var address) && IPAddress.IsLoopback(address) && address.AddressFamily == pod.AddressFamily;
        var socket = isLoopback ? new Socket(pod.AddressFamily, SocketType.Stream, ProtocolType.Tcp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        try
        {
            if (isLoopback)
            {
                socket.Bind(new IPEndPoint(pod, port: 0)); // an address of loopback reaches loopback only
            }

            await socket.ConnectAsync(target, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace LocalCluster.Load;

/// <summary>
/// The only place that made-up traffic goes to: an address of this machine's loopback. The address is written out, so that no name can lead elsewhere, and is
/// looked at once more when a connection is made.
/// </summary>
internal sealed class LoopbackTarget
{
    private readonly IPEndPoint _endpoint;

    /// <param name="address">The gateway, such as <c>http://127.0.0.1:5082</c>.</param>
    /// <exception cref="ArgumentException">It is no loopback address over plain HTTP.</exception>
    public LoopbackTarget(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttp || !IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) || !IPAddress.IsLoopback(ip))
        {
            throw new ArgumentException($"made-up traffic goes to a loopback address such as http://127.0.0.1:5082 and nowhere else, and not to '{address}'", nameof(address));
        }

        _endpoint = new IPEndPoint(ip, address.Port);
        Address = new Uri($"http://{_endpoint}");
    }

    /// <summary>The address.</summary>
    public Uri Address { get; }

    /// <summary>Sends requests there: whatever host a request names, the connection goes nowhere else. Neither proxies nor redirects are followed.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxConnectionsPerServer = LoadGenerator.MostAtOnce,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(_endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(_endpoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LocalCluster.NodeAgent.Network;

/// <summary>
/// The loopback addresses on which the pods of one agent listen. Pods of two agents with the same addresses would find their ports taken and
/// crash: so each agent on a machine takes a range of its own, and holds a port of it for as long as it lives to show that it is taken.
/// </summary>
internal sealed class LoopbackRange : IDisposable
{
    private const int First = 88;
    private const int Last = 127;

    /// <summary>A kubelet's own port, on the last address that a pod would be given.</summary>
    private const int Port = 10250;

    private readonly Socket? _claim;

    private LoopbackRange(string prefix, Socket? claim)
    {
        Prefix = prefix;
        _claim = claim;
    }

    /// <summary>First two numbers of its addresses.</summary>
    public string Prefix { get; }

    /// <summary>A range that the caller knows to be free.</summary>
    public static LoopbackRange Given(string prefix) => new(prefix, claim: null);

    /// <summary>The first range that no agent on this machine has.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public static LoopbackRange TakeFree()
    {
        for (var number = First; number <= Last; number++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"127.{number}");
            if (Claim(new IPEndPoint(IPAddress.Parse($"{prefix}.255.254"), Port)) is { } claim)
            {
                return new LoopbackRange(prefix, claim);
            }
        }

        throw new InvalidOperationException($"all loopback addresses from 127.{First}.0.0 to 127.{Last}.255.255 are taken by other node agents; stop one");
    }

    /// <summary>Gives the range back.</summary>
    public void Dispose() => _claim?.Dispose();

    private static Socket? Claim(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen();
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
    }
}

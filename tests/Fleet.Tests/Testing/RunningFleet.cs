using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Tests.Testing;

/// <summary>One instance of each service, which find each other by their cluster names and share their stores, as a node agent has it.</summary>
internal sealed class RunningFleet : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IPEndPoint> _names = new();
    private readonly Dictionary<string, RunningInstance> _instances = [];

    public RunningInstance this[string service] => _instances[service];

    public FleetStores Stores { get; } = new();

    public IEnumerable<RunningInstance> Instances => _instances.Values;

    public static async Task<RunningFleet> StartAsync(CancellationToken cancellationToken, params string[] services)
    {
        var fleet = new RunningFleet();
        foreach (var service in services.Length > 0 ? services : [.. FleetImages.Services.Select(s => s.Name)])
        {
            var instance = await RunningInstance.StartAsync(service, cancellationToken, i => i with { OutboundHandler = fleet.Outbound, Stores = fleet.Stores });
            fleet._instances.Add(service, instance);
            fleet.Plug(service);
        }

        return fleet;
    }

    /// <summary>Takes a service off the network, as when its last instance is gone.</summary>
    public void Unplug(string service) => _names.TryRemove($"{service}.shop.svc", out _);

    /// <summary>Puts a service on the network.</summary>
    public void Plug(string service) => _names[$"{service}.shop.svc"] = _instances[service].EndPoint;

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances.Values)
        {
            await instance.DisposeAsync();
        }
    }

    private SocketsHttpHandler Outbound() => new()
    {
        // Connections are not kept, so that an unplugged service is gone at once.
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (context, cancellationToken) =>
        {
            if (!_names.TryGetValue(context.DnsEndPoint.Host, out var endpoint))
            {
                throw new SocketException((int)SocketError.HostNotFound);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}

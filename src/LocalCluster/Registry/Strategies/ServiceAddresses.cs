using System.Collections.Concurrent;
using System.Net;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Registry.Strategies;

/// <summary>Which cluster addresses and node ports are taken by services.</summary>
internal sealed class ServiceAddresses : IStoreObserver
{
    private const string Services = "services";
    private const int FirstNodePort = 30000;
    private const int NodePorts = 2768;
    private const int Addresses = 65536;

    // Addresses that Kubernetes keeps for fixed services are given out last, so that these can have them.
    private const int FirstDynamicAddress = 256;

    private static readonly byte[] Network = [10, 96];

    private readonly ConcurrentDictionary<string, ObjectKey> _addresses = new();
    private readonly ConcurrentDictionary<int, ObjectKey> _nodePorts = new();
    private int _nextAddress = FirstDynamicAddress;
    private int _nextNodePort;

    /// <param name="store">Where the services are.</param>
    public ServiceAddresses(ObjectStore store)
    {
        foreach (var service in store.Current.Table(Services).Range())
        {
            Add(service);
        }

        store.Subscribe(this);
    }

    /// <summary>Held while addresses are chosen and until they are stored, since what is free is told by what is stored.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The range of cluster addresses.</summary>
    public static string Range => "10.96.0.0/16";

    /// <summary>True for an address of the cluster's range.</summary>
    public static bool Contains(IPAddress address) => address.GetAddressBytes() is [var a, var b, _, _] && a == Network[0] && b == Network[1];

    /// <summary>A free address; null when none is left.</summary>
    public string? FreeAddress()
    {
        for (var i = 1; i < Addresses - 1; i++)
        {
            var candidate = $"{Network[0]}.{Network[1]}.{_nextAddress / 256}.{_nextAddress % 256}";
            _nextAddress = (_nextAddress % (Addresses - 2)) + 1;
            if (!_addresses.ContainsKey(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>A free node port; null when none is left.</summary>
    /// <param name="taken">Ports that were just chosen for the same service.</param>
    public int? FreeNodePort(IReadOnlySet<int> taken)
    {
        for (var i = 0; i < NodePorts; i++)
        {
            var candidate = FirstNodePort + _nextNodePort;
            _nextNodePort = (_nextNodePort + 1) % NodePorts;
            if (!_nodePorts.ContainsKey(candidate) && !taken.Contains(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>The service that has an address, or null.</summary>
    public ObjectKey? OwnerOf(string address) => _addresses.TryGetValue(address, out var owner) ? owner : null;

    /// <summary>The service that has a node port, or null.</summary>
    public ObjectKey? OwnerOf(int nodePort) => _nodePorts.TryGetValue(nodePort, out var owner) ? owner : null;

    /// <summary>True for a port of the range of node ports.</summary>
    public static bool IsNodePort(long port) => port is >= FirstNodePort and < FirstNodePort + NodePorts;

    /// <inheritdoc/>
    public void OnCommitted(string resource, WatchEvent change)
    {
        if (resource != Services)
        {
            return;
        }

        if (change.Previous is { } previous)
        {
            Remove(previous);
        }

        if (change.Type != WatchEventType.Deleted)
        {
            Add(change.Object);
        }
    }

    private void Add(StoredObject stored)
    {
        var service = KubeObject.Parse(stored);
        foreach (var address in AddressesOf(service))
        {
            _addresses[address] = stored.Key;
        }

        foreach (var port in PortsOf(service))
        {
            _nodePorts[port] = stored.Key;
        }
    }

    private void Remove(StoredObject stored)
    {
        var service = KubeObject.Parse(stored);
        foreach (var address in AddressesOf(service))
        {
            _addresses.TryRemove(KeyValuePair.Create(address, stored.Key));
        }

        foreach (var port in PortsOf(service))
        {
            _nodePorts.TryRemove(KeyValuePair.Create(port, stored.Key));
        }
    }

    private static IEnumerable<string> AddressesOf(KubeObject service) =>
        service.Json.Items("spec.clusterIPs").Select(ip => (string)ip!).Where(ip => ip is not ("None" or ""));

    private static IEnumerable<int> PortsOf(KubeObject service) =>
        service.Json.Items("spec.ports").Select(p => (int)p.Number("nodePort")).Append((int)service.Json.Number("spec.healthCheckNodePort")).Where(p => p > 0);
}

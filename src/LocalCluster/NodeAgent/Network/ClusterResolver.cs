using System.Net;
using System.Net.Sockets;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.NodeAgent.Network;

/// <summary>
/// What cluster DNS and kube-proxy do for a pod, in one step: from the name or address and the port of a Service to one of its pods that is
/// ready.
/// </summary>
/// <param name="services">Services.</param>
/// <param name="slices">Endpoints.</param>
/// <param name="network">How pods are reached.</param>
internal sealed class ClusterResolver(Informer<Service> services, Informer<EndpointSlice> slices, PodNetwork network)
{
    private const string ClusterSuffix = ".svc.cluster.local";
    private const string ServiceSuffix = ".svc";

    private readonly CacheIndex<Service> _servicesByAddress =
        services.Cache.AddIndex(static service => service.Spec.IsHeadless ? [] : [service.Spec.ClusterIp]);

    private readonly CacheIndex<EndpointSlice> _slicesByService =
        slices.Cache.AddIndex(static slice => slice.Service is { } service ? [service.ToString()] : []);

    /// <summary>Resolves a name, or the address of a Service.</summary>
    /// <param name="host">The name or address.</param>
    /// <param name="port">The port that the caller dials.</param>
    /// <param name="ownNamespace">Namespace of the caller, for names without one.</param>
    /// <returns>A pod; null when the host is none of the cluster's and is to be found outside.</returns>
    /// <exception cref="SocketException">There is no such Service, or nobody serves it on that port.</exception>
    public IPEndPoint? Resolve(string host, int port, string ownNamespace)
    {
        if (_servicesByAddress.Get(host) is [var addressed, ..])
        {
            return Pick(addressed, port) ?? throw new SocketException((int)SocketError.ConnectionRefused);
        }

        var (key, isCertain) = Parse(host.TrimEnd('.'), ownNamespace);
        if (key is not { } name || services.Cache.Find(name) is not { } service)
        {
            return isCertain ? throw new SocketException((int)SocketError.HostNotFound) : null;
        }

        return Pick(service, port) ?? throw new SocketException((int)SocketError.ConnectionRefused);
    }

    private IPEndPoint? Pick(Service service, int port)
    {
        // The name of a headless Service stands for its pods, whatever port is dialled there; others map their ports.
        var portName = service.Spec.Ports.FirstOrDefault(p => p.Port == port)?.Name ?? "";
        var isMapped = !service.Spec.IsHeadless;
        if (isMapped && service.Spec.Ports.All(p => p.Port != port))
        {
            return null;
        }

        var ready = new List<(string Address, int Port)>();
        foreach (var slice in _slicesByService.Get(service.Metadata.Key.ToString()))
        {
            var target = isMapped ? slice.Ports.FirstOrDefault(p => (p.Name ?? "") == portName)?.Port : port;
            if (target is { } number && slice.AddressType == "IPv4")
            {
                ready.AddRange(slice.Endpoints.Where(e => e.Conditions.Ready != false && e.Addresses.Count > 0).Select(e => (e.Addresses[0], number)));
            }
        }

        if (ready.Count == 0)
        {
            return null;
        }

        var (address, podPort) = ready[Random.Shared.Next(ready.Count)];
        return new IPEndPoint(network.Listen(address), podPort);
    }

    /// <summary>
    /// Names that end in <c>svc</c> are the cluster's for certain. <c>name</c> and <c>name.namespace</c> are if there is such a Service: the
    /// resolver of a pod tries them there first, and then outside.
    /// </summary>
    private static (ObjectKey? Key, bool IsCertain) Parse(string host, string ownNamespace)
    {
        var suffix = host.EndsWith(ClusterSuffix, StringComparison.OrdinalIgnoreCase) ? ClusterSuffix
            : host.EndsWith(ServiceSuffix, StringComparison.OrdinalIgnoreCase) ? ServiceSuffix
            : "";
        var labels = host[..^suffix.Length].ToLowerInvariant().Split('.');
        return labels switch
        {
            [var name] when suffix.Length == 0 => (new ObjectKey(ownNamespace, name), false),
            [var name, var ns] => (new ObjectKey(ns, name), suffix.Length > 0),
            _ => (null, suffix.Length > 0),
        };
    }
}

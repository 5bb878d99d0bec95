using System.Net;
using Gateway.Resources;

namespace Gateway.Backends;

/// <summary>Which instances take the requests to a port of a Service: those that are ready; while there are none, those that still serve on their way out.</summary>
internal static class EndpointPlanner
{
    private const string Http2 = "kubernetes.io/h2c";

    /// <summary>Addresses and ports, each once, and whether they speak HTTP/2.</summary>
    public static (IReadOnlyList<(string Address, int Port)> Endpoints, bool IsHttp2) Plan(Service? service, int port, IEnumerable<EndpointSlice> slices)
    {
        if (service?.Spec.Ports.FirstOrDefault(candidate => candidate.Port == port) is not { } servicePort)
        {
            return ([], false);
        }

        var instances = slices
            .Where(slice => slice.AddressType is "IPv4" or "IPv6")
            .SelectMany(slice => slice.Ports
                .Where(candidate => (candidate.Name ?? "") == servicePort.Name && candidate.Port is not null)
                .SelectMany(candidate => slice.Endpoints.SelectMany(endpoint => endpoint.Addresses.Take(1).Select(address => (endpoint.Conditions, Address: address, Port: candidate.Port!.Value)))))
            .Where(instance => IPAddress.TryParse(instance.Address, out _))
            .ToList();
        var ready = instances.Where(instance => instance.Conditions.Ready != false).ToList();
        var chosen = ready.Count > 0 ? ready : instances.Where(instance => instance.Conditions is { Serving: not false, Terminating: true });
        return ([.. chosen.Select(instance => (instance.Address, instance.Port)).Distinct()], servicePort.AppProtocol == Http2);
    }
}
